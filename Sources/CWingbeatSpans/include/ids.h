// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Random numbers for ids, one generator for each thread: no lock, no system call.
///
/// xoshiro256** 1.0 by David Blackman and Sebastiano Vigna, 2018, public domain; seeded by the system, and again after a
/// fork, so that parent and child go on with numbers of their own.
#ifndef WINGBEAT_IDS_H
#define WINGBEAT_IDS_H

#include <stdint.h>

/// The generator's state; all zeros until it is seeded.
extern _Thread_local uint64_t wingbeat_ids_state[4] __attribute__((tls_model("initial-exec")));

void wingbeat_ids_seed(void);

static inline uint64_t wingbeat_ids_rotated(uint64_t value, int bits) { return value << bits | value >> (64 - bits); }

/// Seeds the calling thread's generator if it is not yet.
static inline void wingbeat_ids_prepare(void) {
    uint64_t *state = wingbeat_ids_state;
    if (__builtin_expect((state[0] | state[1] | state[2] | state[3]) == 0, 0)) wingbeat_ids_seed();
}

/// The next number of the calling thread, which must be prepared in the same function.
static inline uint64_t wingbeat_ids_next(void) {
    uint64_t *state = wingbeat_ids_state;
    uint64_t result = wingbeat_ids_rotated(state[1] * 5, 7) * 9;
    uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = wingbeat_ids_rotated(state[3], 45);
    return result;
}

#endif
