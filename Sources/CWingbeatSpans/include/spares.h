// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Memory of spans that a thread keeps for its next ones: no lock, no allocation.
///
/// A thread keeps those of one owner at a time. When it ends, or turns to another owner, it lets go of them.
#ifndef WINGBEAT_SPARES_H
#define WINGBEAT_SPARES_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum { wingbeat_spares_capacity = 32 };

typedef struct {
    const void *_Nullable owner;
    uint64_t count;
    void *_Nonnull spans[wingbeat_spares_capacity];
} wingbeat_spares;

extern _Thread_local wingbeat_spares wingbeat_thread_spares __attribute__((tls_model("initial-exec")));

/// Makes the thread keep spans of this owner from now on; `release` lets go of one.
void wingbeat_spares_adopt(const void *owner, void (*release)(void *span));

/// One of the thread's spans, or NULL.
static inline void *_Nullable wingbeat_spares_take(const void *owner) {
    wingbeat_spares *spares = &wingbeat_thread_spares;
    if (__builtin_expect(spares->owner != owner || spares->count == 0, 0)) return NULL;
    return spares->spans[--spares->count];
}

/// How many more spans of this owner the thread would keep.
static inline uint64_t wingbeat_spares_room(const void *owner) {
    wingbeat_spares *spares = &wingbeat_thread_spares;
    return spares->owner == owner ? wingbeat_spares_capacity - spares->count : 0;
}

/// Keeps a span, for which there must be room.
static inline void wingbeat_spares_put(void *span) {
    wingbeat_spares *spares = &wingbeat_thread_spares;
    spares->spans[spares->count++] = span;
}

#pragma clang assume_nonnull end
#endif
