// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "cells.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/// The pages of one thread at a time; blocks are never freed, and stand in the order of their making.
typedef struct block {
    wingbeat_page_table *table;
    struct block *next;
    int is_owned;
} block;

static uint64_t page_of_zeros[wingbeat_page_cells];
static wingbeat_page_table empty_table;

_Thread_local wingbeat_page_table *wingbeat_thread_pages = &empty_table;
wingbeat_page_table *wingbeat_shared_pages = &empty_table;

static _Thread_local block *thread_block;
static block *first_block;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int has_key;

// MARK: Pages

/// A table with room for the page; readers may be in the old one, which therefore stays: all of them together are
/// smaller than the last.
static wingbeat_page_table *grown(wingbeat_page_table *old, uint64_t page) {
    uint64_t count = old->count ? old->count : 16;
    while (count <= page) count *= 2;
    wingbeat_page_table *table = malloc(sizeof *table + count * sizeof table->pages[0]);
    if (!table) return NULL;
    table->count = count;
    for (uint64_t i = 0; i < count; i++) table->pages[i] = i < old->count ? old->pages[i] : page_of_zeros;
    return table;
}

/// Makes the page of a position if it is not there. Only one thread at a time may call it for a table.
static wingbeat_page_table *with_page(wingbeat_page_table **home, uint32_t position) {
    uint64_t page = position >> wingbeat_page_shift;
    wingbeat_page_table *table = *home;
    if (page >= table->count) {
        if (!(table = grown(table, page))) return NULL;
        __atomic_store_n(home, table, __ATOMIC_RELEASE);
    }
    if (table->pages[page] == page_of_zeros) {
        uint64_t *cells = aligned_alloc(64, sizeof page_of_zeros);
        if (!cells) return NULL;
        memset(cells, 0, sizeof page_of_zeros);
        __atomic_store_n(&table->pages[page], cells, __ATOMIC_RELEASE);
    }
    return table;
}

static uint64_t *cells_at(wingbeat_page_table *table, uint32_t position) {
    return table->pages[position >> wingbeat_page_shift] + (position & (wingbeat_page_cells - 1));
}

// MARK: Threads

static void leave_block(void *value) {
    pthread_mutex_lock(&lock);
    ((block *)value)->is_owned = 0;
    pthread_mutex_unlock(&lock);
    thread_block = NULL;
    wingbeat_thread_pages = &empty_table;
}

static void make_key(void) { has_key = pthread_key_create(&key, leave_block) == 0; }

/// The block of a thread that has ended, or a new one at the end of the list.
static block *take_block(void) {
    block **link = &first_block;
    while (*link && (*link)->is_owned) link = &(*link)->next;
    if (*link) return *link;
    block *new = calloc(1, sizeof *new);
    if (!new) return NULL;
    new->table = &empty_table;
    __atomic_store_n(link, new, __ATOMIC_RELEASE);
    return new;
}

static block *block_of_thread(void) {
    if (thread_block) return thread_block;
    pthread_once(&once, make_key);
    pthread_mutex_lock(&lock);
    block *mine = take_block();
    if (mine) mine->is_owned = 1;
    pthread_mutex_unlock(&lock);
    if (!mine) return NULL;
    if (has_key) pthread_setspecific(key, mine);
    thread_block = mine;
    wingbeat_thread_pages = mine->table;
    return mine;
}

uint64_t *wingbeat_run_claim(wingbeat_run run) {
    if (!wingbeat_run_shared(run)) return NULL;
    block *mine = block_of_thread();
    if (!mine) return NULL;
    wingbeat_page_table *table = with_page(&mine->table, run.position);
    if (!table) return NULL;
    wingbeat_thread_pages = table;
    uint64_t *cells = cells_at(table, run.position);
    if (wingbeat_load(cells) == run.tag) return cells;
    uint32_t length = run.tag & (2 * wingbeat_page_cells - 1);
    wingbeat_store(cells, 0);
    for (uint32_t i = 1; i < length; i++) wingbeat_store(cells + i, 0);
    wingbeat_store_releasing(cells, run.tag);
    return cells;
}

// MARK: Runs

/// Freed runs by length, each with the position of the next in its first cell; the oldest first, for the longer a run
/// rests, the surer nobody is still writing to it.
static struct {
    uint32_t first, last;
} freed[wingbeat_page_cells + 1];
static uint32_t next_position = 1;  // 0 means none
static uint64_t next_generation = (UINT64_C(1) << 32) / (2 * wingbeat_page_cells);

/// - Returns: 0 when the space or the memory is used up.
static uint32_t fresh_position(uint32_t length) {
    uint64_t position = next_position;
    if ((position & (wingbeat_page_cells - 1)) + length > wingbeat_page_cells) {
        position = (position | (wingbeat_page_cells - 1)) + 1;  // a run does not cross pages
    }
    if (position + length > UINT32_MAX) return 0;
    if (!with_page(&wingbeat_shared_pages, (uint32_t)position)) return 0;
    next_position = (uint32_t)position + length;
    return (uint32_t)position;
}

static uint32_t freed_position(uint32_t length) {
    uint32_t position = freed[length].first;
    if (position) freed[length].first = (uint32_t)wingbeat_load(cells_at(wingbeat_shared_pages, position));
    return position;
}

wingbeat_run wingbeat_run_allocate(uint32_t length) {
    wingbeat_run run = wingbeat_no_run;
    if (length < 2 || length > wingbeat_page_cells) return run;
    pthread_mutex_lock(&lock);
    run.position = freed_position(length);
    if (!run.position) run.position = fresh_position(length);
    if (run.position) {
        run.tag = next_generation++ * (2 * wingbeat_page_cells) + length;
        uint64_t *cells = cells_at(wingbeat_shared_pages, run.position);
        for (uint32_t i = 1; i < length; i++) wingbeat_store(cells + i, 0);
        wingbeat_store_releasing(cells, run.tag);
    }
    pthread_mutex_unlock(&lock);
    return run;
}

void wingbeat_run_free(wingbeat_run run) {
    pthread_mutex_lock(&lock);
    uint64_t *cells = wingbeat_run_shared(run);
    if (cells) {
        uint32_t length = run.tag & (2 * wingbeat_page_cells - 1);
        wingbeat_store(cells, 0);
        if (freed[length].first) {
            wingbeat_store(cells_at(wingbeat_shared_pages, freed[length].last), run.position);
        } else {
            freed[length].first = run.position;
        }
        freed[length].last = run.position;
    }
    pthread_mutex_unlock(&lock);
}

// MARK: Reading

void wingbeat_add_double_shared(uint64_t *cell, double amount) {
    uint64_t old = wingbeat_load(cell), new;
    do {
        double value;
        memcpy(&value, &old, sizeof value);
        value += amount;
        memcpy(&new, &value, sizeof new);
    } while (!__atomic_compare_exchange_n(cell, &old, new, 1, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
}

void wingbeat_run_sum(wingbeat_run run, uint32_t integers, uint64_t *sums, double *sum) {
    memset(sums, 0, integers * sizeof *sums);
    *sum = 0;
    if (!wingbeat_run_shared(run)) return;
    for (block *each = __atomic_load_n(&first_block, __ATOMIC_ACQUIRE); each;
         each = __atomic_load_n(&each->next, __ATOMIC_ACQUIRE)) {
        const uint64_t *cells = wingbeat_run_in(__atomic_load_n(&each->table, __ATOMIC_ACQUIRE), run);
        if (!cells) continue;
        for (uint32_t i = 0; i < integers; i++) sums[i] += wingbeat_load(cells + 1 + i);
        *sum += wingbeat_load_double(cells + 1 + integers);
    }
}

void wingbeat_runs_sum(const wingbeat_run *runs, size_t count, uint64_t *sums, double *fractions) {
    memset(sums, 0, count * sizeof *sums);
    memset(fractions, 0, count * sizeof *fractions);
    for (block *each = __atomic_load_n(&first_block, __ATOMIC_ACQUIRE); each;
         each = __atomic_load_n(&each->next, __ATOMIC_ACQUIRE)) {
        wingbeat_page_table *table = __atomic_load_n(&each->table, __ATOMIC_ACQUIRE);
        for (size_t i = 0; i < count; i++) {
            const uint64_t *cells = wingbeat_run_in(table, runs[i]);
            if (!cells) continue;
            sums[i] += wingbeat_load(cells + 1);
            fractions[i] += wingbeat_load_double(cells + 2);
        }
    }
}
