// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "limits_metrics.h"

#include <stdatomic.h>
#include <string.h>

static _Atomic uint64_t buckets[64];
static _Atomic uint64_t sum;

static inline void add(_Atomic uint64_t *bits, double amount) {
    uint64_t old = atomic_load_explicit(bits, memory_order_relaxed);
    uint64_t new;
    do {
        double value;
        memcpy(&value, &old, sizeof value);
        value += amount;
        memcpy(&new, &value, sizeof new);
    } while (!atomic_compare_exchange_weak_explicit(bits, &old, new, memory_order_relaxed, memory_order_relaxed));
}

void limit_histogram(
    uint64_t count,
    const double *bounds,
    size_t bound_count,
    const double *values,
    size_t value_count
) {
    size_t next = 0;
    for (uint64_t i = 0; i < count; i++) {
        double value = values[next];
        next = next + 1 == value_count ? 0 : next + 1;
        size_t below = 0;
        for (size_t bound = 0; bound < bound_count; bound++) below += bounds[bound] < value;
        atomic_fetch_add_explicit(&buckets[below % 64], 1, memory_order_relaxed);
        add(&sum, value);
    }
}
