// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Wraps glibc's allocator: a program's own malloc takes the place of the library's for all code in the process
// (glibc manual, "Replacing malloc"). The count belongs to the thread and costs one addition.

#include "harness.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#ifdef __GLIBC__

static _Thread_local uint64_t count;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t number, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
    count++;
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count++;
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    count++;
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    count++;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
    void *memory = memalign(alignment, size);
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}

uint64_t allocation_count(void) { return count; }
bool allocations_are_counted(void) { return true; }

#else

uint64_t allocation_count(void) { return 0; }
bool allocations_are_counted(void) { return false; }

#endif
