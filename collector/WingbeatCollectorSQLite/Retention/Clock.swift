// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Tells the time; tests wind their own.
package struct Clock: Sendable {
    private let read: @Sendable () -> Int64

    /// A clock that reads microseconds since 1970 from a function.
    package init(_ read: @escaping @Sendable () -> Int64) {
        self.read = read
    }

    /// The system's.
    package static let system = Clock { Int64(clamping: unixNanoseconds() / 1000) }

    /// Microseconds since 1970.
    var now: Int64 { read() }

    /// Hours since 1970.
    var hour: Int64 { now / 3_600_000_000 }
}
