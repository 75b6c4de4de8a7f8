// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Counts that only one thread writes: a load and a store take the place of a locked addition. Summing the threads'
// counts is left to whoever reads, and is not part of the limit.

#include "limits_metrics.h"

#include <stdatomic.h>
#include <string.h>

static _Thread_local _Atomic uint64_t counter;
static _Thread_local _Atomic uint64_t buckets[64];
static _Thread_local _Atomic uint64_t sum;

static inline void add(_Atomic uint64_t *cell, uint64_t amount) {
    uint64_t value = atomic_load_explicit(cell, memory_order_relaxed);
    atomic_store_explicit(cell, value + amount, memory_order_relaxed);
}

static inline void add_double(_Atomic uint64_t *cell, double amount) {
    uint64_t bits = atomic_load_explicit(cell, memory_order_relaxed);
    double value;
    memcpy(&value, &bits, sizeof value);
    value += amount;
    memcpy(&bits, &value, sizeof bits);
    atomic_store_explicit(cell, bits, memory_order_relaxed);
}

__attribute__((noinline)) static void increment(void) { add(&counter, 1); }

void limit_cell_increment(uint64_t count) {
    for (uint64_t i = 0; i < count; i++) increment();
}

__attribute__((noinline)) static void observe(double value, const double *bounds, size_t bound_count) {
    size_t below = 0;
    for (size_t bound = 0; bound < bound_count; bound++) below += bounds[bound] < value;
    add(&buckets[below % 64], 1);
    add_double(&sum, value);
}

void limit_cell_observe(
    uint64_t count,
    const double *bounds,
    size_t bound_count,
    const double *values,
    size_t value_count
) {
    size_t next = 0;
    for (uint64_t i = 0; i < count; i++) {
        observe(values[next], bounds, bound_count);
        next = next + 1 == value_count ? 0 : next + 1;
    }
}
