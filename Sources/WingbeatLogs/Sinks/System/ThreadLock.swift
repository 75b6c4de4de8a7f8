// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A lock of the system's threads, in memory that never moves.
///
/// Unlike `Mutex`, it is known to the thread sanitizer, and threads can wait for a ``ThreadCondition`` under it.
/// `@unchecked`, for any thread may call what is behind the pointer.
struct ThreadLock: ~Copyable, @unchecked Sendable {
    fileprivate let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }

    func unlock() { pthread_mutex_unlock(mutex) }
}

/// Something that threads wait for while they hold a ``ThreadLock``, which is free while they wait.
/// `@unchecked` for the same reason.
struct ThreadCondition: ~Copyable, @unchecked Sendable {
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        #if canImport(Darwin)
            pthread_cond_init(condition, nil)
        #else
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(condition, &attributes)
            pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        pthread_cond_destroy(condition)
        condition.deallocate()
    }

    /// Waits for a signal, or for no reason at all.
    func wait(_ lock: borrowing ThreadLock) { pthread_cond_wait(condition, lock.mutex) }

    /// The same; false when the time is over.
    func wait(_ lock: borrowing ThreadLock, until deadline: Deadline) -> Bool {
        #if canImport(Darwin)
            var time = timespec(nanoseconds: deadline.remaining)
            return pthread_cond_timedwait_relative_np(condition, lock.mutex, &time) != ETIMEDOUT
        #else
            var time = deadline.time
            return pthread_cond_timedwait(condition, lock.mutex, &time) != ETIMEDOUT
        #endif
    }

    /// Wakes one thread that waits.
    func signal() { pthread_cond_signal(condition) }

    /// Wakes all threads that wait.
    func broadcast() { pthread_cond_broadcast(condition) }
}
