// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// What became of the spans that were to be forwarded: `forwarded = sent + waiting + dropped`, at every reading.
public struct ForwardCounts: Hashable, Sendable {
    /// Spans that were to be sent on, those included that an earlier process had left waiting.
    public var forwarded: Int { sent + waiting + dropped }
    /// Spans that the destination took.
    public var sent = 0
    /// Spans that wait on disk, the ones on their way included.
    public var waiting = 0
    /// Spans that are lost, for whatever reason.
    public var dropped: Int { withoutRoom + refused + damaged }
    /// Spans for which there was no room, or no disk.
    public var withoutRoom = 0
    /// Spans that the destination refused for good, or failed at for too long.
    public var refused = 0
    /// Spans whose file was damaged while they waited.
    public var damaged = 0

    /// Nothing yet.
    public init() {}
}

extension ForwardCounts {
    /// The counts as metrics.
    var tallies: [Tally] {
        [
            Tally(name: "\(prefix).sent", help: "Spans that the destination took.", value: Double(sent)),
            Tally(name: "\(prefix).waiting", help: "Spans that wait on disk.", isGauge: true, value: Double(waiting)),
            dropped("full", withoutRoom), dropped("refused", refused), dropped("damaged", damaged),
        ]
    }

    private func dropped(_ reason: String, _ count: Int) -> Tally {
        Tally(
            name: "\(prefix).dropped",
            help: "Spans that were not forwarded, by reason.",
            labels: LabelSet([Label("reason", reason)]),
            value: Double(count)
        )
    }
}

private let prefix = "wingbeat.forward"
