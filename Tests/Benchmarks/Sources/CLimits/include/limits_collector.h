// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#ifndef WINGBEAT_LIMITS_COLLECTOR_H
#define WINGBEAT_LIMITS_COLLECTOR_H

#include <stdint.h>

/// Inserts one row of about 400 bytes for each span into a new SQLite database, and returns the nanoseconds of thread
/// CPU time that it took; zero when the database cannot be written.
///
/// No secondary index, write-ahead log, synchronous=NORMAL, 1000 rows a transaction.
uint64_t limit_insert_rows(const char *_Nonnull path, uint64_t rows);

#endif
