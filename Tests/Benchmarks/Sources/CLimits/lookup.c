// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "limits_metrics.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SLOTS 2048

typedef struct label {
    const char *text;
    size_t size;
} label;

typedef struct series {
    label values[3];
    uint64_t hash;
    _Atomic uint64_t count;
} series;

// The texts of the series and those of the requests lie apart, so that a comparison cannot find them the same.
static char series_routes[LIMIT_LOOKUP_ROUTES][32];
static char request_routes[LIMIT_LOOKUP_ROUTES][32];
static label requests[LIMIT_LOOKUP_ROUTES][3];
static series table[SLOTS];

/// How the last bytes of a text are read: by the library's memcpy and memcmp, or by two loads that overlap.
typedef enum reading { by_library, by_overlap } reading;

/// Eight bytes at a time; each step multiplies to 128 bits and folds (Wang Yi, wyhash, public domain).
static inline uint64_t mix(uint64_t hash, uint64_t word) {
    __uint128_t product = (__uint128_t)(hash ^ word) * 0x9E3779B97F4A7C15u;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word(const char *text) {
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/// Fewer than eight bytes as a number: no two texts of one size have the same.
static inline uint64_t overlapping(const char *text, size_t size) {
    if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + size - sizeof last, sizeof last);
        return (uint64_t)first << 32 | last;
    }
    if (size == 0) return 0;
    return (uint64_t)(uint8_t)text[0] << 16 | (uint64_t)(uint8_t)text[size / 2] << 8 | (uint8_t)text[size - 1];
}

static inline uint64_t tail(const char *text, size_t size, reading reading) {
    if (reading == by_overlap) return overlapping(text, size);
    uint64_t tail = 0;
    memcpy(&tail, text, size);
    return tail;
}

static inline uint64_t hash_label(uint64_t hash, label value, reading reading) {
    hash = mix(hash, value.size);
    for (; value.size >= 8; value.text += 8, value.size -= 8) hash = mix(hash, word(value.text));
    return mix(hash, tail(value.text, value.size, reading));
}

static inline uint64_t hash_labels(const label *values, reading reading) {
    uint64_t hash = 0xA0761D6478BD642Fu;
    for (int i = 0; i < 3; i++) hash = hash_label(hash, values[i], reading);
    return hash;
}

static inline bool equal(label left, label right, reading reading) {
    if (left.size != right.size) return false;
    if (reading == by_library) return memcmp(left.text, right.text, left.size) == 0;
    uint64_t difference = 0;
    for (; left.size >= 8; left.text += 8, right.text += 8, left.size -= 8) {
        difference |= word(left.text) ^ word(right.text);
    }
    return (difference | (overlapping(left.text, left.size) ^ overlapping(right.text, left.size))) == 0;
}

/// The slot of the series, or the empty one where it belongs.
static inline series *find(const label *values, uint64_t hash, reading reading) {
    for (uint64_t slot = hash;; slot++) {
        series *found = &table[slot % SLOTS];
        if (!found->hash) return found;
        if (found->hash == hash && equal(found->values[0], values[0], reading)
            && equal(found->values[1], values[1], reading) && equal(found->values[2], values[2], reading)) {
            return found;
        }
    }
}

static void set_labels(label *values, char *route, size_t capacity, int number) {
    int size = snprintf(route, capacity, "/api/v1/resource/%d", number);
    values[0] = (label){"GET", 3};
    values[1] = (label){route, (size_t)size};
    values[2] = (label){"200", 3};
}

static void prepare(reading reading) {
    memset(table, 0, sizeof table);
    for (int i = 0; i < LIMIT_LOOKUP_ROUTES; i++) {
        label values[3];
        set_labels(requests[i], request_routes[i], sizeof request_routes[i], i);
        set_labels(values, series_routes[i], sizeof series_routes[i], i);
        uint64_t hash = hash_labels(values, reading);
        series *empty = find(values, hash, reading);
        memcpy(empty->values, values, sizeof values);
        empty->hash = hash;
    }
}

static inline void look_up(uint64_t count, size_t routes, reading reading) {
    size_t next = 0;
    for (uint64_t i = 0; i < count; i++) {
        const label *values = requests[next];
        next = next + 1 == routes ? 0 : next + 1;
        __asm__ volatile("" : "+r"(values) : : "memory");  // the values come anew each time
        series *found = find(values, hash_labels(values, reading), reading);
        if (found->hash) atomic_fetch_add_explicit(&found->count, 1, memory_order_relaxed);
    }
}

void limit_lookup_prepare(void) { prepare(by_library); }
void limit_lookup(uint64_t count, size_t routes) { look_up(count, routes, by_library); }

void limit_lookup_overlapping_prepare(void) { prepare(by_overlap); }
void limit_lookup_overlapping(uint64_t count, size_t routes) { look_up(count, routes, by_overlap); }
