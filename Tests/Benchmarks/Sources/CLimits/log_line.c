// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "limits_logs.h"

#include "digits.h"

#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#define APPEND(at, literal) (memcpy(at, literal, sizeof literal - 1), (at) + sizeof literal - 1)

static char *append_value(char *at, const char *text) {
    size_t size = strlen(text);
    bool quotes = false;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        quotes |= byte <= ' ' || byte == '=' || byte == '"' || byte == 0x7F;
    }
    if (quotes) *at++ = '"';
    memcpy(at, text, size);
    at += size;
    if (quotes) *at++ = '"';
    return at;
}

/// "2026-01-02T03:04:05.", made once a second.
static char *append_second(char *at, time_t second) {
    static time_t known = -1;
    static char text[21];
    if (second != known) {
        struct tm utc;
        gmtime_r(&second, &utc);
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.", &utc);
        known = second;
    }
    memcpy(at, text, 20);
    return at + 20;
}

static char *append_time(char *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    at = append_second(at, now.tv_sec);
    unsigned rest = (unsigned)now.tv_nsec;
    at[8] = (char)('0' + rest % 10);
    rest /= 10;
    for (int pair = 6; pair >= 0; pair -= 2, rest /= 100) write_pair(at + pair, rest % 100);
    at[9] = 'Z';
    return at + 10;
}

size_t limit_log_line(
    char *line,
    const char *logger,
    const char *method,
    const char *route,
    uint64_t status,
    uint64_t took
) {
    char *at = append_time(APPEND(line, "ts="));
    at = append_value(APPEND(at, " level=info logger="), logger);
    at = append_value(APPEND(at, " msg="), "request completed");
    at = append_value(APPEND(at, " method="), method);
    at = append_value(APPEND(at, " route="), route);
    at = write_decimal(APPEND(at, " status="), status);
    at = write_decimal(APPEND(at, " took_ms="), took);
    *at++ = '\n';
    return (size_t)(at - line);
}

/// A number of at most six digits after the point.
static char *append_fraction(char *at, double value) {
    uint64_t scaled = (uint64_t)(value * 1e6 + 0.5);
    at = write_decimal(at, scaled / 1000000);
    unsigned fraction = (unsigned)(scaled % 1000000);
    if (!fraction) return at;
    *at++ = '.';
    for (int pair = 4; pair >= 0; pair -= 2, fraction /= 100) write_pair(at + pair, fraction % 100);
    at += 6;
    while (at[-1] == '0') at--;
    return at;
}

size_t limit_log_line_of_six(
    char *line,
    const char *method,
    const char *route,
    uint64_t status,
    uint64_t took,
    const char *user,
    double ratio
) {
    char *at = append_time(APPEND(line, "ts="));
    at = append_value(APPEND(at, " level=info msg="), "request completed");
    at = append_value(APPEND(at, " method="), method);
    at = append_value(APPEND(at, " route="), route);
    at = write_decimal(APPEND(at, " status="), status);
    at = write_decimal(APPEND(at, " took_ms="), took);
    at = append_value(APPEND(at, " user="), user);
    at = append_fraction(APPEND(at, " ratio="), ratio);
    *at++ = '\n';
    return (size_t)(at - line);
}

void limit_log_lines_to(int file, uint64_t count) {
    char line[LIMIT_LOG_LINE_CAPACITY];
    for (uint64_t i = 0; i < count; i++) {
        size_t size = limit_log_line_of_six(line, "GET", "/orders/{id}", 200, 12, "alice", 0.75);
        if (write(file, line, size) < 0) return;
    }
}
