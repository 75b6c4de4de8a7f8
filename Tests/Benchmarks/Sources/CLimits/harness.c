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

uint64_t wall_nanoseconds(void) { return nanoseconds(CLOCK_MONOTONIC); }

void black_hole(uint64_t value) { __asm__ volatile("" : : "r"(value)); }

#ifdef __linux__
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

static cpu_set_t allowed;

static void pin(int core) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    sched_setaffinity(0, sizeof one, &one);
}

void pin_to_current_core(void) {
    sched_getaffinity(0, sizeof allowed, &allowed);
    int core = sched_getcpu();
    if (core >= 0) pin(core);
}

void unpin(void) {
    if (CPU_COUNT(&allowed) > 0) sched_setaffinity(0, sizeof allowed, &allowed);
}

void pin_to_core(int number) {
    int count = CPU_COUNT(&allowed);
    if (count == 0) return;
    int skipped = number % count;
    for (int core = 0; core < CPU_SETSIZE; core++) {
        if (CPU_ISSET(core, &allowed) && skipped-- == 0) return pin(core);
    }
}

uint64_t resident_bytes(void) {
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    unsigned long long total, resident;
    int read = fscanf(file, "%llu %llu", &total, &resident);
    fclose(file);
    return read == 2 ? resident * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}
#else
void pin_to_current_core(void) {}
void unpin(void) {}
void pin_to_core(int number) { (void)number; }
uint64_t resident_bytes(void) { return 0; }
#endif
