// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#ifndef WINGBEAT_HARNESS_H
#define WINGBEAT_HARNESS_H

#include <stdbool.h>
#include <stdint.h>

/// Nanoseconds of CPU time that the calling thread has used.
uint64_t thread_cpu_nanoseconds(void);

/// Nanoseconds of CPU time that all threads of the process have used.
uint64_t process_cpu_nanoseconds(void);

/// Nanoseconds of a clock that never goes back.
uint64_t wall_nanoseconds(void);

/// Ties the calling thread to the core on which it runs; does nothing where the system cannot.
void pin_to_current_core(void);

/// Undoes pin_to_current_core. A thread inherits the cores of the one that makes it.
void unpin(void);

/// Ties the calling thread to one of the cores that the process had at first; `number` counts them in a circle.
void pin_to_core(int number);

/// Bytes of the process that are in memory; 0 where the system does not say.
uint64_t resident_bytes(void);

/// How many times the calling thread has asked for memory; always 0 where allocations are not counted.
uint64_t allocation_count(void);

/// Whether allocations are counted: only with glibc, whose functions are wrapped.
bool allocations_are_counted(void);

/// Takes a result that the optimiser must not find unused.
void black_hole(uint64_t value);

#endif
