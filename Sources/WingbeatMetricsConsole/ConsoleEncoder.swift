// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
public import WingbeatMetrics
public import WingbeatMetricsPush

/// Writes readings as tables for people, each under its time in UTC.
public struct ConsoleEncoder: MetricEncoder {
    /// The encoder has no settings.
    public init() {}

    /// Writes a reading of numbers since the start as one message; none where there are no numbers.
    public func encode(_ reading: MetricSnapshot, at unixNanoseconds: UInt64) -> [[UInt8]] {
        let table = reading.table()
        guard !table.isEmpty else { return [] }
        var message: [UInt8] = []
        message.append(rfc3339: unixNanoseconds)
        message.append(literal: "\n\n")
        message.append(text: table)
        message.append(UInt8(ascii: "\n"))
        return [message]
    }
}
