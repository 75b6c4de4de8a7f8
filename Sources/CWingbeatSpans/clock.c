// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "clock.h"

uint64_t wingbeat_clock_offset;
uint64_t wingbeat_clock_measured;

void wingbeat_clock_measure(void) {
    uint64_t monotonic = wingbeat_monotonic();
    __atomic_store_n(&wingbeat_clock_offset, wingbeat_wall() - monotonic, __ATOMIC_RELAXED);
    __atomic_store_n(&wingbeat_clock_measured, monotonic | !monotonic, __ATOMIC_RELAXED);
}
