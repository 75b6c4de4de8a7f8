// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Cells: numbers that each thread writes for itself, without a locked instruction, and that any thread may sum.
///
/// A *run* is a few consecutive 64-bit cells at a position of a numbered space. Each thread has pages of its own for
/// that space, made when it first touches them, and there is one more set of pages that all threads share. The first
/// cell of a run holds its *tag*, which is never given out twice: whoever comes with the tag of a run that was freed
/// finds another one, or none, and leaves the run alone. So handles may be copied freely and outlive what they name.
///
/// A thread that ends leaves its pages, with the numbers in them, to the next thread that begins: sums stay exact, and
/// there are as many sets of pages as there were threads at once.
#ifndef WINGBEAT_CELLS_H
#define WINGBEAT_CELLS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum { wingbeat_page_shift = 10, wingbeat_page_cells = 1 << wingbeat_page_shift };

/// Tags are at least this large; a smaller number in a run's first cell belongs to the list of freed runs.
static const uint64_t wingbeat_least_tag = UINT64_C(1) << 32;

/// Names a run.
typedef struct {
    uint64_t tag;
    uint32_t position;
} wingbeat_run;

/// The name of no run: its tag matches nothing.
static const wingbeat_run wingbeat_no_run = {UINT64_MAX, 0};

/// The pages of one thread, or the shared ones. A page that is not there yet is a page of zeros, which no tag matches.
typedef struct {
    uint64_t count;
    uint64_t *_Nonnull pages[];
} wingbeat_page_table;

/// The pages of the calling thread, and the shared ones; never NULL.
extern _Thread_local wingbeat_page_table *wingbeat_thread_pages __attribute__((tls_model("initial-exec")));
extern wingbeat_page_table *wingbeat_shared_pages;

/// The most cells that a run may have, its tag included.
static inline uint32_t wingbeat_run_limit(void) { return wingbeat_page_cells; }

/// Allocates a run of so many cells, its tag included; the shared cells are zero. `wingbeat_no_run` when memory is short.
wingbeat_run wingbeat_run_allocate(uint32_t length);

/// Frees a run; its cells may be given out again under another tag.
void wingbeat_run_free(wingbeat_run run);

/// The slow way to the calling thread's run: makes what is missing. NULL when the run was freed or memory is short.
uint64_t *_Nullable wingbeat_run_claim(wingbeat_run run);

static inline uint64_t wingbeat_load(const uint64_t *cell) { return __atomic_load_n(cell, __ATOMIC_RELAXED); }
static inline uint64_t wingbeat_load_acquiring(const uint64_t *cell) { return __atomic_load_n(cell, __ATOMIC_ACQUIRE); }
static inline void wingbeat_store(uint64_t *cell, uint64_t value) { __atomic_store_n(cell, value, __ATOMIC_RELAXED); }
static inline void wingbeat_store_releasing(uint64_t *cell, uint64_t value) {
    __atomic_store_n(cell, value, __ATOMIC_RELEASE);
}
static inline void wingbeat_fence_acquiring(void) { __atomic_thread_fence(__ATOMIC_ACQUIRE); }

static inline uint64_t *_Nullable wingbeat_run_in(wingbeat_page_table *table, wingbeat_run run) {
    uint32_t page = run.position >> wingbeat_page_shift;
    if (page >= table->count) return NULL;
    uint64_t *start = __atomic_load_n(&table->pages[page], __ATOMIC_ACQUIRE);
    uint64_t *cells = start + (run.position & (wingbeat_page_cells - 1));
    return wingbeat_load_acquiring(cells) == run.tag ? cells : NULL;
}

/// The calling thread's cells of a run, for the rest of a function that does not suspend. NULL when the run was freed.
static inline uint64_t *_Nullable wingbeat_run_mine(wingbeat_run run) {
    uint64_t *cells = wingbeat_run_in(wingbeat_thread_pages, run);
    return __builtin_expect(cells != NULL, 1) ? cells : wingbeat_run_claim(run);
}

/// The shared cells of a run. NULL when the run was freed.
static inline uint64_t *_Nullable wingbeat_run_shared(wingbeat_run run) {
    return wingbeat_run_in(__atomic_load_n(&wingbeat_shared_pages, __ATOMIC_ACQUIRE), run);
}

/// The run that is at a position now, or `wingbeat_no_run`.
static inline wingbeat_run wingbeat_run_at(uint32_t position) {
    wingbeat_page_table *table = __atomic_load_n(&wingbeat_shared_pages, __ATOMIC_ACQUIRE);
    uint32_t page = position >> wingbeat_page_shift;
    if (page >= table->count) return wingbeat_no_run;
    wingbeat_run run = {wingbeat_load(table->pages[page] + (position & (wingbeat_page_cells - 1))), position};
    return run.tag < wingbeat_least_tag ? wingbeat_no_run : run;
}

/// Adds to a cell that only the calling thread writes.
static inline void wingbeat_add(uint64_t *cell, uint64_t amount) { wingbeat_store(cell, wingbeat_load(cell) + amount); }

static inline double wingbeat_load_double(const uint64_t *cell) {
    uint64_t bits = wingbeat_load(cell);
    double value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void wingbeat_store_double(uint64_t *cell, double value) {
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    wingbeat_store(cell, bits);
}

/// Adds to a cell that only the calling thread writes.
static inline void wingbeat_add_double(uint64_t *cell, double amount) {
    wingbeat_store_double(cell, wingbeat_load_double(cell) + amount);
}

/// Adds to a cell that many threads write.
void wingbeat_add_double_shared(uint64_t *cell, double amount);

/// Sums what all threads have in their runs: first `integers` whole numbers, in the cells after the tag, then a double.
/// All zero when the run was freed.
void wingbeat_run_sum(wingbeat_run run, uint32_t integers, uint64_t *sums, double *sum);

/// The same for many runs of one whole number and one double, which is a counter.
void wingbeat_runs_sum(const wingbeat_run *runs, size_t count, uint64_t *sums, double *fractions);

#pragma clang assume_nonnull end
#endif
