// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// A span that has ended, on its way to reporters.
///
/// Nobody changes it any more, so it may be kept and read on any thread. Where the last one who holds it gives it back
/// to the ``SpanPool``, its memory serves the next span.
public final class FinishedSpan: @unchecked Sendable {
    /// What was recorded.
    public internal(set) var record: SpanRecord
    /// About how many bytes of memory it takes.
    public internal(set) var size = 0

    /// A span that was made elsewhere.
    public init(_ record: SpanRecord) {
        self.record = record
    }
}

/// The memory of spans that nobody needs any more.
package enum SpanPool {
    /// Takes back those spans that nobody else holds.
    package static func recycle(_ spans: consuming [FinishedSpan]) {}
}
