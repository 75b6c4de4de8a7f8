// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#ifndef WINGBEAT_LIMITS_METRICS_H
#define WINGBEAT_LIMITS_METRICS_H

#include <stddef.h>
#include <stdint.h>

/// How many series the table of the look-ups has: "GET", "/api/v1/resource/0" and on, "200".
#define LIMIT_LOOKUP_ROUTES 1000

/// Makes the table for limit_lookup.
void limit_lookup_prepare(void);

/// Looks a counter up by three separate texts and adds one, `count` times, the first `routes` series in turn.
///
/// Hash of the texts eight bytes at a time, one probe, comparison of the texts, relaxed atomic addition; no lock.
/// memcpy and memcmp of the C library read the texts.
void limit_lookup(uint64_t count, size_t routes);

/// Makes the table for limit_lookup_overlapping.
void limit_lookup_overlapping_prepare(void);

/// The same as limit_lookup without a call of the C library: the last bytes of a text are read by loads that overlap.
void limit_lookup_overlapping(uint64_t count, size_t routes);

/// Adds one to a count that belongs to the calling thread, `count` times: a load and a store through a function that
/// is not inlined.
void limit_cell_increment(uint64_t count);

/// Observes values in a histogram, `count` times.
///
/// Count of the bounds below the value without branches, one atomic addition to the bucket, one compare-and-exchange
/// for the sum.
void limit_histogram(
    uint64_t count,
    const double *_Nonnull bounds,
    size_t bound_count,
    const double *_Nonnull values,
    size_t value_count
);

/// The same as limit_histogram with a bucket and a sum that belong to the calling thread: loads and stores, through a
/// function that is not inlined.
void limit_cell_observe(
    uint64_t count,
    const double *_Nonnull bounds,
    size_t bound_count,
    const double *_Nonnull values,
    size_t value_count
);

/// A family as it is exposed: everything but the numbers is text already.
typedef struct exposition {
    char *_Nonnull prefixes;
    size_t *_Nonnull ends;
    uint64_t *_Nonnull values;
    size_t series;
    char *_Nonnull output;
} exposition;

/// Takes an exposition apart: each line is a prefix up to its last space, and a whole number.
exposition exposition_make(const uint8_t *_Nonnull text, size_t size);

/// Writes the exposition: memcpy of each prefix, two digits of the number at a time. Returns the size of the text.
size_t exposition_write(const exposition *_Nonnull family);

/// Frees what exposition_make made.
void exposition_free(exposition family);

#endif
