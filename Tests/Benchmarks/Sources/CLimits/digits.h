// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#ifndef WINGBEAT_DIGITS_H
#define WINGBEAT_DIGITS_H

#include <stdint.h>
#include <string.h>

static const char digit_pairs[201] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354"
    "555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/// Writes two digits.
static inline void write_pair(char *at, unsigned value) { memcpy(at, digit_pairs + 2 * value, 2); }

/// Writes a number in base 10, two digits at a time, and returns where it ends.
///
/// Source: Andrei Alexandrescu, "Three Optimization Tips for C++", 2012.
static inline char *write_decimal(char *at, uint64_t value) {
    char digits[20];
    char *start = digits + sizeof digits;
    while (value >= 100) {
        start -= 2;
        write_pair(start, value % 100);
        value /= 100;
    }
    if (value >= 10) {
        start -= 2;
        write_pair(start, (unsigned)value);
    } else {
        *--start = (char)('0' + value);
    }
    size_t size = (size_t)(digits + sizeof digits - start);
    memcpy(at, start, size);
    return at + size;
}

#endif
