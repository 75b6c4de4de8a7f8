// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "ids.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

_Thread_local uint64_t wingbeat_ids_state[4];

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void forget(void) { memset(wingbeat_ids_state, 0, sizeof wingbeat_ids_state); }

static void watch_forks(void) { pthread_atfork(NULL, NULL, forget); }

/// A step of SplitMix64 (Steele, Lea, Flood, 2014): spreads a few bits over all.
static uint64_t spread(uint64_t *seed) {
    uint64_t mixed = *seed += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
    return mixed ^ mixed >> 31;
}

/// For systems that give no random bytes: time, process and thread.
static void seed_without_entropy(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = (uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec ^ (uint64_t)getpid() << 40;
    seed ^= (uint64_t)(uintptr_t)&wingbeat_ids_state;
    for (int i = 0; i < 4; i++) wingbeat_ids_state[i] = spread(&seed);
}

void wingbeat_ids_seed(void) {
    pthread_once(&once, watch_forks);
    if (getentropy(wingbeat_ids_state, sizeof wingbeat_ids_state) != 0) seed_without_entropy();
    uint64_t *state = wingbeat_ids_state;
    if ((state[0] | state[1] | state[2] | state[3]) == 0) seed_without_entropy();
}
