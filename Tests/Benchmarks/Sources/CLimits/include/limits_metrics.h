// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#ifndef WINGBEAT_LIMITS_METRICS_H
#define WINGBEAT_LIMITS_METRICS_H

#include <stddef.h>
#include <stdint.h>

/// Makes the table with the one series "GET", "/x", "200" for limit_lookup.
void limit_lookup_prepare(void);

/// Looks a counter up by three label values and adds one, `count` times.
///
/// Hash of the values eight bytes at a time, one probe, comparison of the texts, relaxed atomic addition; no lock.
void limit_lookup(uint64_t count);

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
