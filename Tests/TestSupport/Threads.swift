// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Runs the body on as many threads at once, with the thread's number, and comes back when all have ended.
package func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let ended = DispatchSemaphore(value: 0)
    for number in 0..<count {
        Thread {
            body(number)
            ended.signal()
        }.start()
    }
    for _ in 0..<count { ended.wait() }
}

/// Runs the body on several threads while one more calls `watch` again and again, at least once after the last.
package func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void, watch: @escaping @Sendable () -> Void) {
    let running = Atomic<Int>(count)
    onThreads(count + 1) { number in
        guard number == count else {
            body(number)
            running.subtract(1, ordering: .releasing)
            return
        }
        while running.load(ordering: .acquiring) > 0 { watch() }
        watch()
    }
}
