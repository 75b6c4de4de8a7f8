// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "harness.h"

#include <time.h>

static uint64_t nanoseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t thread_cpu_nanoseconds(void) { return nanoseconds(CLOCK_THREAD_CPUTIME_ID); }

uint64_t process_cpu_nanoseconds(void) { return nanoseconds(CLOCK_PROCESS_CPUTIME_ID); }

void black_hole(uint64_t value) { __asm__ volatile("" : : "r"(value)); }

#ifdef __linux__
#include <sched.h>

static cpu_set_t allowed;

void pin_to_current_core(void) {
    sched_getaffinity(0, sizeof allowed, &allowed);
    int core = sched_getcpu();
    if (core < 0) return;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    sched_setaffinity(0, sizeof one, &one);
}

void unpin(void) {
    if (CPU_COUNT(&allowed) > 0) sched_setaffinity(0, sizeof allowed, &allowed);
}
#else
void pin_to_current_core(void) {}
void unpin(void) {}
#endif
