// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// When the body of a request must have come: a minute, and a second more for each 16 KiB that came.
///
/// So that whoever sends a byte now and then cannot hold a connection for ever, and slow links can send large bodies.
struct BodyDeadline {
    private let start: NIODeadline
    private let patience: TimeAmount
    private var bytes: Int64 = 0

    init(patience: TimeAmount, now: NIODeadline) {
        start = now
        self.patience = patience
    }

    mutating func came(_ count: Int) {
        bytes &+= Int64(count)
    }

    var deadline: NIODeadline { start + patience + .seconds(bytes / 16_384) }
}
