// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "limits_collector.h"

#include "harness.h"

#include <sqlite3.h>
#include <string.h>

enum { rows_per_transaction = 1000, blob_size = 350 };

static const char *const schema =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    "CREATE TABLE span (id INTEGER PRIMARY KEY, trace BLOB, span INTEGER, start INTEGER, duration INTEGER, rest BLOB)";

/// A step of SplitMix64 (Steele, Lea, Flood, 2014): ids that no order makes cheap.
static uint64_t scramble(uint64_t value) {
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

static int insert(sqlite3_stmt *statement, uint64_t row, const char *blob) {
    uint64_t trace[2] = {scramble(row / 8 + 1), scramble(row / 8 + 2)};
    sqlite3_bind_blob(statement, 1, trace, sizeof trace, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)scramble(row));
    sqlite3_bind_int64(statement, 3, 1700000000000000 + (sqlite3_int64)row);
    sqlite3_bind_int64(statement, 4, (sqlite3_int64)row % 100000);
    sqlite3_bind_blob(statement, 5, blob, blob_size, SQLITE_STATIC);
    int status = sqlite3_step(statement);
    sqlite3_reset(statement);
    return status;
}

static int insert_all(sqlite3 *database, sqlite3_stmt *statement, uint64_t rows) {
    char blob[blob_size];
    memset(blob, 'x', sizeof blob);
    for (uint64_t row = 0; row < rows; row++) {
        if (row % rows_per_transaction == 0) sqlite3_exec(database, row ? "COMMIT; BEGIN" : "BEGIN", 0, 0, 0);
        if (insert(statement, row, blob) != SQLITE_DONE) return 0;
    }
    return sqlite3_exec(database, "COMMIT", 0, 0, 0) == SQLITE_OK;
}

uint64_t limit_insert_rows(const char *path, uint64_t rows) {
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    uint64_t took = 0;
    if (sqlite3_open(path, &database) == SQLITE_OK && sqlite3_exec(database, schema, 0, 0, 0) == SQLITE_OK
        && sqlite3_prepare_v2(
            database, "INSERT INTO span (trace, span, start, duration, rest) VALUES (?, ?, ?, ?, ?)", -1, &statement, 0
           ) == SQLITE_OK) {
        uint64_t start = thread_cpu_nanoseconds();
        took = insert_all(database, statement, rows) ? thread_cpu_nanoseconds() - start : 0;
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return took;
}
