// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs the body on as many threads at once, with the thread's number, and comes back when all have ended.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let ended = DispatchSemaphore(value: 0)
    for number in 0..<count {
        Thread {
            body(number)
            ended.signal()
        }.start()
    }
    for _ in 0..<count { ended.wait() }
}
