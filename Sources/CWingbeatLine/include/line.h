// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Memory in which a thread writes its log lines, one after the other.
///
/// A thread takes its buffer while it writes a line and gives it back; when code that is run meanwhile logs itself, it
/// gets another buffer. A buffer is freed when its thread ends.
#ifndef WINGBEAT_LINE_H
#define WINGBEAT_LINE_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum { wingbeat_line_pairs = 32 };

typedef struct {
    uint8_t *bytes;
    size_t capacity;
    /// The second since 1970 whose text is kept: `2026-01-02T03:04:05` and five bytes to fill three words.
    uint64_t second;
    uint64_t second_text[3];
    /// Where the first pairs of the line begin; behind them, if there are more, where the rest begins; and a set of the
    /// cheap sums of the keys.
    uint32_t pair_count;
    uint32_t has_rest;
    uint32_t pair_starts[wingbeat_line_pairs + 1];
    uint64_t key_sums;
} wingbeat_line;

/// The buffer of the calling thread while nobody has taken it.
extern _Thread_local wingbeat_line *_Nullable wingbeat_thread_line __attribute__((tls_model("initial-exec")));

wingbeat_line *wingbeat_line_make(void);
void wingbeat_line_keep(wingbeat_line *line);
/// Makes room for so many bytes; what is written stays.
void wingbeat_line_grow(wingbeat_line *line, size_t capacity);

static inline wingbeat_line *wingbeat_line_take(void) {
    wingbeat_line *line = wingbeat_thread_line;
    wingbeat_thread_line = NULL;
    return __builtin_expect(line != NULL, 1) ? line : wingbeat_line_make();
}

/// Lines are short: what a long one needed is not kept.
enum { wingbeat_line_kept_capacity = 1 << 16 };

static inline void wingbeat_line_give_back(wingbeat_line *line) {
    if (__builtin_expect(wingbeat_thread_line == NULL && line->capacity <= wingbeat_line_kept_capacity, 1)) {
        wingbeat_thread_line = line;
    } else {
        wingbeat_line_keep(line);
    }
}

#pragma clang assume_nonnull end
#endif
