// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "spares.h"

#include <pthread.h>

_Thread_local wingbeat_spares wingbeat_thread_spares;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int has_key;
static void (*release_span)(void *span);

static void let_go(void *unused) {
    (void)unused;
    wingbeat_spares *spares = &wingbeat_thread_spares;
    void (*release)(void *) = __atomic_load_n(&release_span, __ATOMIC_RELAXED);
    while (spares->count > 0) release(spares->spans[--spares->count]);
    spares->owner = NULL;
}

static void make_key(void) { has_key = pthread_key_create(&key, let_go) == 0; }

void wingbeat_spares_adopt(const void *owner, void (*release)(void *span)) {
    __atomic_store_n(&release_span, release, __ATOMIC_RELAXED);  // the same function each time
    pthread_once(&once, make_key);
    let_go(NULL);
    if (!has_key || pthread_setspecific(key, &key) != 0) return;  // without a notice of its end a thread keeps nothing
    wingbeat_thread_spares.owner = owner;
}
