// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Keeps SIGPIPE from the calling thread during a write, so that a reader who is gone does not end the process.
///
/// Only the mask of the thread is changed, and set back; what the process does at SIGPIPE stays as it is.
struct BrokenPipeSignal {
    private var previous = sigset_t()
    /// The signal already waited for the thread to take it, and is none of ours.
    private let wasPending: Bool

    /// Holds the signal back.
    init() {
        var signals = Self.signals
        pthread_sigmask(SIG_BLOCK, &signals, &previous)
        wasPending = sigismember(&previous, SIGPIPE) == 1 && Self.isPending
    }

    /// Takes the signal that a write to a broken pipe has raised, and lets later ones through again.
    func restore(isBroken: Bool) {
        if isBroken && !wasPending { Self.consume() }
        var mask = previous
        pthread_sigmask(SIG_SETMASK, &mask, nil)
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        return signals
    }

    private static var isPending: Bool {
        var pending = sigset_t()
        sigemptyset(&pending)
        return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1
    }

    private static func consume() {
        var signals = signals
        #if canImport(Darwin)
            var taken: CInt = 0
            if isPending { sigwait(&signals, &taken) }
        #else
            var atOnce = timespec(tv_sec: 0, tv_nsec: 0)
            while sigtimedwait(&signals, nil, &atOnce) < 0 && errno == EINTR {}
        #endif
    }
}
