// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatMetrics

/// Writes readings of a registry in the language of a backend.
public protocol MetricEncoder: Sendable {
    /// Writes one reading as messages: packets of a datagram protocol, bodies of requests, or lines of a stream.
    ///
    /// What cannot be said in the backend's language is left out or translated, as the encoder's page says; an encoder
    /// never fails.
    ///
    /// - Parameters:
    ///   - reading: counters and histograms since the flush before, or since the start, as the exporter is configured.
    ///   - unixNanoseconds: the time of the reading.
    func encode(_ reading: MetricSnapshot, at unixNanoseconds: UInt64) -> [[UInt8]]
}
