// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "limits_traces.h"

#include <stdatomic.h>
#include <time.h>

enum { attribute_capacity = 8, ring_size = 1024 };

typedef enum attribute_type { attribute_text, attribute_integer, attribute_boolean } attribute_type;

typedef struct attribute {
    uint32_t key;
    attribute_type type;
    union {
        const char *text;
        int64_t integer;
    };
} attribute;

typedef struct span {
    uint64_t trace_high, trace_low, id, parent;
    uint64_t start, duration;
    const char *name;
    uint32_t attribute_count;
    attribute attributes[attribute_capacity];
    _Atomic uint64_t sequence;
} span;

static span ring[ring_size];
static _Atomic uint64_t head;
static _Thread_local uint64_t state[4] = {1, 2, 3, 4};

static uint64_t nanoseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline uint64_t rotate(uint64_t value, int bits) { return (value << bits) | (value >> (64 - bits)); }

/// xoshiro256** 1.0 by David Blackman and Sebastiano Vigna, 2018, public domain.
static inline uint64_t next_random(void) {
    uint64_t result = rotate(state[1] * 5, 7) * 9;
    uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 45);
    return result;
}

static inline void set_text(span *span, uint32_t key, const char *text) {
    span->attributes[span->attribute_count++] = (attribute){.key = key, .type = attribute_text, .text = text};
}

static inline void set_integer(span *span, uint32_t key, attribute_type type, int64_t integer) {
    span->attributes[span->attribute_count++] = (attribute){.key = key, .type = type, .integer = integer};
}

static inline void set_attributes(span *span) {
    set_text(span, 1, "GET");
    set_text(span, 2, "/orders/{id}");
    set_integer(span, 3, attribute_integer, 200);
    set_text(span, 4, "checkout.example.com");
    set_integer(span, 5, attribute_boolean, 1);
}

void limit_span(uint64_t count) {
    uint64_t offset = nanoseconds(CLOCK_REALTIME) - nanoseconds(CLOCK_MONOTONIC);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t sequence = atomic_fetch_add_explicit(&head, 1, memory_order_relaxed);
        span *span = &ring[sequence % ring_size];
        span->start = nanoseconds(CLOCK_REALTIME);
        span->name = "GET /orders/{id}";
        span->trace_high = next_random();
        span->trace_low = next_random();
        span->id = next_random();
        span->parent = 0;
        span->attribute_count = 0;
        set_attributes(span);
        span->duration = nanoseconds(CLOCK_MONOTONIC) + offset - span->start;
        atomic_store_explicit(&span->sequence, sequence + 1, memory_order_release);
    }
}
