// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation

/// Threads that have written and stay, as those of a service do.
struct Writers {
    private let count: Int
    private let isOver = DispatchSemaphore(value: 0)

    /// Returns when all of them have written.
    init(_ count: Int, write: @escaping @Sendable () -> Void) {
        self.count = count
        let hasWritten = DispatchSemaphore(value: 0)
        for _ in 0..<count {
            Thread.detachNewThread { [isOver] in
                write()
                hasWritten.signal()
                isOver.wait()
            }
        }
        for _ in 0..<count { hasWritten.wait() }
    }

    /// Lets them go.
    func end() {
        for _ in 0..<count { isOver.signal() }
    }
}
