// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "line.h"

#include <pthread.h>
#include <stdlib.h>

_Thread_local wingbeat_line *wingbeat_thread_line;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int has_key;

static void *checked(void *memory) {
    if (!memory) abort();  // as the allocation of any Swift object would
    return memory;
}

static void free_line(wingbeat_line *line) {
    free(line->bytes);
    free(line);
}

static void end_thread(void *unused) {
    (void)unused;
    if (wingbeat_thread_line) free_line(wingbeat_thread_line);
    wingbeat_thread_line = NULL;
}

static void make_key(void) { has_key = pthread_key_create(&key, end_thread) == 0; }

wingbeat_line *wingbeat_line_make(void) {
    pthread_once(&once, make_key);
    if (has_key) pthread_setspecific(key, &key);  // any value that is not NULL, so that the thread's end is noticed
    wingbeat_line *line = checked(calloc(1, sizeof *line));
    line->second = UINT64_MAX;
    wingbeat_line_grow(line, 1024);
    return line;
}

void wingbeat_line_keep(wingbeat_line *line) {
    if (wingbeat_thread_line) {
        free_line(line);
        return;
    }
    free(line->bytes);
    line->bytes = checked(malloc(line->capacity = 1024));
    wingbeat_thread_line = line;
}

void wingbeat_line_grow(wingbeat_line *line, size_t capacity) {
    size_t doubled = line->capacity * 2;
    line->capacity = capacity > doubled ? capacity : doubled;
    line->bytes = checked(realloc(line->bytes, line->capacity));
}
