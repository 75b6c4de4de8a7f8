// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#ifndef WINGBEAT_LIMITS_TRACES_H
#define WINGBEAT_LIMITS_TRACES_H

#include <stdint.h>

/// Records a span with five attributes, `count` times.
///
/// Start on CLOCK_REALTIME, end on CLOCK_MONOTONIC, 24 bytes of ids from xoshiro256**, five attributes in a struct of
/// fixed size; each span is built in a slot of a ring, which is claimed by an atomic addition and published by a
/// release store.
void limit_span(uint64_t count);

#endif
