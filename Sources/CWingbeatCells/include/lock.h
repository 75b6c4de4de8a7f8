// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A lock that the thread sanitizer knows, which cannot see those of Swift's standard library.
#ifndef WINGBEAT_LOCK_H
#define WINGBEAT_LOCK_H

typedef struct wingbeat_lock wingbeat_lock;

wingbeat_lock *_Nonnull wingbeat_lock_make(void);
void wingbeat_lock_free(wingbeat_lock *_Nonnull lock);
void wingbeat_lock_acquire(wingbeat_lock *_Nonnull lock);
void wingbeat_lock_release(wingbeat_lock *_Nonnull lock);

#endif
