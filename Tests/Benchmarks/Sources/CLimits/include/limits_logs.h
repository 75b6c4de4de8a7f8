// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#ifndef WINGBEAT_LIMITS_LOGS_H
#define WINGBEAT_LIMITS_LOGS_H

#include <stddef.h>
#include <stdint.h>

/// The longest line that limit_log_line writes.
#define LIMIT_LOG_LINE_CAPACITY 512

/// Writes the line "request completed" with four pairs as logfmt, and returns its size.
///
/// Reads the clock, keeps the date's text for as long as the second lasts, and looks at each text for what needs
/// quotes; the numbers are printed two digits at a time.
size_t limit_log_line(
    char *_Nonnull line,
    const char *_Nonnull logger,
    const char *_Nonnull method,
    const char *_Nonnull route,
    uint64_t status,
    uint64_t took
);

/// The same line with six pairs, as limit_log_line writes them, and no logger: user and ratio, a number with a
/// fraction of at most six digits, follow.
size_t limit_log_line_of_six(
    char *_Nonnull line,
    const char *_Nonnull method,
    const char *_Nonnull route,
    uint64_t status,
    uint64_t took,
    const char *_Nonnull user,
    double ratio
);

/// Writes the line of six pairs so many times to a file with one system call each.
void limit_log_lines_to(int file, uint64_t count);

#endif
