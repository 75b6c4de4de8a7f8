// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Tells when spans begin, and how long they last, by the monotonic clock: a wall clock that is stepped while a span
/// runs makes its duration neither wrong nor negative.
///
/// How far the wall clock is from the monotonic one is measured once a second, so a step shows in the beginnings of
/// spans within a second.
#ifndef WINGBEAT_CLOCK_H
#define WINGBEAT_CLOCK_H

#include <stdint.h>
#include <time.h>

/// A moment on both clocks, in nanoseconds.
typedef struct {
    /// Since 1970.
    uint64_t wall;
    /// On the monotonic clock; never zero.
    uint64_t monotonic;
} wingbeat_moment;

extern uint64_t wingbeat_clock_offset;
extern uint64_t wingbeat_clock_measured;

/// Measures how far the clocks are apart.
void wingbeat_clock_measure(void);

static inline uint64_t wingbeat_nanoseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/// The present on the monotonic clock.
static inline uint64_t wingbeat_monotonic(void) { return wingbeat_nanoseconds(CLOCK_MONOTONIC); }

/// The present on the wall clock itself.
static inline uint64_t wingbeat_wall(void) { return wingbeat_nanoseconds(CLOCK_REALTIME); }

/// The present.
static inline wingbeat_moment wingbeat_now(void) {
    uint64_t monotonic = wingbeat_monotonic();
    uint64_t measured = __atomic_load_n(&wingbeat_clock_measured, __ATOMIC_RELAXED);
    if (__builtin_expect(measured == 0 || monotonic - measured > 1000000000u, 0)) wingbeat_clock_measure();
    wingbeat_moment now = {__atomic_load_n(&wingbeat_clock_offset, __ATOMIC_RELAXED) + monotonic, monotonic | !monotonic};
    return now;
}

#endif
