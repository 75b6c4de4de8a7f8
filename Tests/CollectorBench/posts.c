// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "posts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_post(FILE *file, struct post *post) {
    uint32_t sizes[2];
    if (fread(sizes, sizeof sizes, 1, file) != 1) return 0;
    post->size = sizes[0];
    post->place_count = sizes[1];
    post->bytes = malloc(post->size);
    post->places = calloc(post->place_count, sizeof *post->places);
    return post->bytes && post->places && fread(post->bytes, post->size, 1, file) == 1
        && fread(post->places, sizeof *post->places, post->place_count, file) == post->place_count;
}

int read_posts(const char *path, struct posts *posts) {
    FILE *file = fopen(path, "rb");
    uint32_t head[5];
    if (!file || fread(head, sizeof head, 1, file) != 1) return 0;
    *posts = (struct posts){calloc(head[0], sizeof(struct post)), head[0], head[1], head[2], head[3], head[4]};
    int complete = posts->posts != NULL;
    for (uint32_t i = 0; complete && i < posts->count; i++) complete = read_post(file, &posts->posts[i]);
    fclose(file);
    return complete;
}

struct post copy_of_post(const struct post *post) {
    struct post copy = *post;
    copy.bytes = malloc(post->size);
    if (copy.bytes) memcpy(copy.bytes, post->bytes, post->size);
    return copy;
}

// SplitMix64 (Steele, Lea, Flood, 2014): the number at a place of a sequence. templates.py computes the same.
static uint64_t random_number(uint64_t seed, uint64_t index) {
    uint64_t mixed = seed + (index + 1) * 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
}

static uint8_t *put_hex(uint8_t *at, uint64_t value) {
    static const char digits[] = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4) *at++ = (uint8_t)digits[value >> shift & 15];
    return at;
}

static uint8_t *put_big_endian(uint8_t *at, uint64_t value) {
    uint64_t swapped = __builtin_bswap64(value);
    memcpy(at, &swapped, sizeof swapped);
    return at + sizeof swapped;
}

static void put_digits(uint8_t *at, uint64_t value, int width) {
    for (int i = width - 1; i >= 0; i--, value /= 10) at[i] = (uint8_t)('0' + value % 10);
}

static void put_left_aligned(uint8_t *at, uint64_t value, int width) {
    int digits = 1;
    for (uint64_t rest = value / 10; rest; rest /= 10) digits++;
    if (digits > width) digits = width;
    put_digits(at, value, digits);
    memset(at + digits, ' ', (size_t)(width - digits));
}

// How a trace differs from the next: when it begins, and how long everything in it takes.
struct course {
    int64_t start;
    double pace;
};

static struct course course_of(uint64_t seed, uint64_t trace, int64_t start) {
    uint64_t chance = random_number(~seed, trace);
    return (struct course){start + (int64_t)(chance % 50000000), 0.5 + (double)(chance >> 11) * 0x1p-53};
}

static void fill_in_place(
    uint8_t *at, const struct place *place, const struct posts *posts, uint64_t seed, uint64_t trace, struct course course
) {
    uint64_t span = trace * posts->spans_per_trace + place->span;
    int64_t time = (int64_t)((double)place->time * course.pace);
    int64_t instant = course.start + time;
    switch (place->kind) {
    case trace_id_bytes:
        put_big_endian(put_big_endian(at, random_number(seed, 2 * trace)), random_number(seed, 2 * trace + 1));
        break;
    case trace_id_hex:
        put_hex(put_hex(at, random_number(seed, 2 * trace)), random_number(seed, 2 * trace + 1));
        break;
    case span_id_bytes: put_big_endian(at, random_number(seed + 1, span)); break;
    case span_id_hex: put_hex(at, random_number(seed + 1, span)); break;
    case time_nanoseconds: memcpy(at, &instant, sizeof instant); break;
    case time_microseconds: put_digits(at, (uint64_t)instant / 1000, 16); break;
    case duration_microseconds: put_left_aligned(at, (uint64_t)time / 1000 + 1, place->width); break;
    case number: put_digits(at, random_number(seed + 2, span), place->width); break;
    }
}

void fill_in(struct post *post, const struct posts *posts, uint64_t seed, uint64_t group, int64_t start) {
    uint64_t trace = UINT64_MAX;
    struct course course = {0, 1};
    for (uint32_t i = 0; i < post->place_count; i++) {
        const struct place *place = &post->places[i];
        uint64_t number = group * posts->traces_per_group + place->trace;
        if (number != trace) course = course_of(seed, number, start);
        trace = number;
        fill_in_place(post->bytes + place->offset, place, posts, seed, trace, course);
    }
}
