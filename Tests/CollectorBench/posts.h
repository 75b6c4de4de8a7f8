// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Requests that were encoded beforehand, with the places in them that differ from one sending to the next.

#ifndef POSTS_H
#define POSTS_H

#include <stddef.h>
#include <stdint.h>

// What stands at a place; templates.py writes the same numbers.
enum place_kind {
    trace_id_bytes,        // 16 bytes
    trace_id_hex,          // 32 digits
    span_id_bytes,         // 8 bytes
    span_id_hex,           // 16 digits
    time_nanoseconds,      // 8 bytes, little-endian, since 1970
    time_microseconds,     // 16 digits
    duration_microseconds, // `width` characters, spaces after the digits
    number                 // `width` digits, zeros before them
};

struct place {
    uint32_t offset;
    uint16_t kind;
    uint16_t width;
    uint32_t trace; // of the group
    uint32_t span;  // of the trace; of a number, which of the trace's
    int64_t time;   // nanoseconds after the trace's start, or a duration
};

struct post {
    uint8_t *bytes;
    struct place *places;
    uint32_t size;
    uint32_t place_count;
};

// A group is as many posts as bring a number of traces whole; then come groups that look different.
struct posts {
    struct post *posts;
    uint32_t count;
    uint32_t per_group;
    uint32_t traces_per_group;
    uint32_t spans_per_trace;
    uint32_t spans_per_post;
};

// Reads what templates.py wrote; 0 when it cannot.
int read_posts(const char *path, struct posts *posts);

// A copy of the bytes that can be changed.
struct post copy_of_post(const struct post *post);

// Makes the post one of the group with the given number, whose traces begin at the given time.
void fill_in(struct post *post, const struct posts *posts, uint64_t seed, uint64_t group, int64_t start);

#endif
