// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// How fast SQLite takes spans that are packed already: the limit beside which the collector stands.
//
// limit FOLDER SPANS: rows of blocks of 2,048 spans at 45 bytes a span, which no compression makes smaller, and a row
// for each trace of 8 spans, found by its id; a transaction every 16,384 spans. Prints a JSON object.

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { spans_per_trace = 8, spans_per_block = 2048, blocks_per_transaction = 8, bytes_per_span = 45 };

static const char *const schema =
    "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
    "CREATE TABLE block (id INTEGER PRIMARY KEY, first INTEGER, last INTEGER, spans BLOB);"
    "CREATE TABLE trace (low INTEGER, block INTEGER, PRIMARY KEY (low, block)) WITHOUT ROWID;";

static sqlite3 *database;

static double seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void check(int succeeded) {
    if (succeeded) return;
    fprintf(stderr, "limit: %s\n", database ? sqlite3_errmsg(database) : "out of memory");
    exit(1);
}

static void execute(const char *statement) { check(sqlite3_exec(database, statement, 0, 0, 0) == SQLITE_OK); }

// A step of SplitMix64 (Steele, Lea, Flood, 2014).
static uint64_t scramble(uint64_t value) {
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

static void step(sqlite3_stmt *statement) {
    check(sqlite3_step(statement) == SQLITE_DONE);
    sqlite3_reset(statement);
}

static void insert_block(sqlite3_stmt *block, sqlite3_stmt *trace, uint64_t number, const void *bytes) {
    sqlite3_bind_int64(block, 1, (sqlite3_int64)number);
    sqlite3_bind_int64(block, 2, (sqlite3_int64)(number * 1000000));
    sqlite3_bind_int64(block, 3, (sqlite3_int64)(number * 1000000 + 999999));
    sqlite3_bind_blob(block, 4, bytes, spans_per_block * bytes_per_span, SQLITE_STATIC);
    step(block);
    for (uint64_t i = 0; i < spans_per_block / spans_per_trace; i++) {
        sqlite3_bind_int64(trace, 1, (sqlite3_int64)scramble(number * spans_per_block + i + 1));
        sqlite3_bind_int64(trace, 2, (sqlite3_int64)number);
        step(trace);
    }
}

static void insert_all(uint64_t blocks) {
    sqlite3_stmt *block, *trace;
    uint64_t *bytes = malloc(spans_per_block * bytes_per_span);
    check(bytes != NULL);
    for (uint64_t i = 0; i < spans_per_block * bytes_per_span / sizeof *bytes; i++) bytes[i] = scramble(i + 1);
    check(sqlite3_prepare_v2(database, "INSERT INTO block VALUES (?, ?, ?, ?)", -1, &block, 0) == SQLITE_OK);
    check(sqlite3_prepare_v2(database, "INSERT INTO trace VALUES (?, ?)", -1, &trace, 0) == SQLITE_OK);
    for (uint64_t number = 0; number < blocks; number++) {
        if (number % blocks_per_transaction == 0) execute(number ? "COMMIT; BEGIN" : "BEGIN");
        insert_block(block, trace, number, bytes);
    }
    execute("COMMIT");
    sqlite3_finalize(block);
    sqlite3_finalize(trace);
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: limit FOLDER SPANS\n"), 64;
    char path[4096];
    snprintf(path, sizeof path, "%s/limit.sqlite", argv[1]);
    uint64_t blocks = strtoull(argv[2], NULL, 10) / spans_per_block;
    check(sqlite3_open(path, &database) == SQLITE_OK);
    execute(schema);
    double wall = seconds(CLOCK_MONOTONIC);
    insert_all(blocks);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    wall = seconds(CLOCK_MONOTONIC) - wall;
    sqlite3_close(database);
    struct stat file;
    check(stat(path, &file) == 0);
    printf(
        "{\"spans\":%llu,\"seconds\":%.3f,\"cpu_seconds\":%.3f,\"bytes\":%lld}\n",
        (unsigned long long)(blocks * spans_per_block), wall, cpu, (long long)file.st_size
    );
}
