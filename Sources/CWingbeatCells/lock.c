// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "lock.h"

#include <pthread.h>
#include <stdlib.h>

struct wingbeat_lock {
    pthread_mutex_t mutex;
};

wingbeat_lock *wingbeat_lock_make(void) {
    wingbeat_lock *lock = malloc(sizeof *lock);
    if (!lock) abort();  // as the allocation of any Swift object would
    pthread_mutex_init(&lock->mutex, NULL);
    return lock;
}

void wingbeat_lock_free(wingbeat_lock *lock) {
    pthread_mutex_destroy(&lock->mutex);
    free(lock);
}

void wingbeat_lock_acquire(wingbeat_lock *lock) { pthread_mutex_lock(&lock->mutex); }

void wingbeat_lock_release(wingbeat_lock *lock) { pthread_mutex_unlock(&lock->mutex); }
