// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Which Graphite is written to, and how.
public struct GraphiteConfiguration: Sendable {
    /// How lines travel.
    public enum Transport: Sendable {
        /// Over one connection, which is made again when it is lost.
        case tcp
        /// In packets; those that are lost are lost.
        case udp
    }

    /// What becomes of counters, and of the counts and sums of histograms.
    public enum CounterForm: Sendable {
        /// What was added since the last point, as Go kit has it: sum them to get the total of a time.
        case difference
        /// The sum since the start, for `nonNegativeDerivative()`: nothing is lost but detail while Graphite is away.
        case cumulative
    }

    /// A name, an IPv4 or an IPv6 address.
    public var host: String
    /// The port of the plaintext protocol.
    public var port: Int
    /// How lines travel.
    public var transport = Transport.tcp
    /// Where labels go.
    public var naming = GraphiteNaming.flat
    /// What each name begins with, such as `services.checkout`; may be empty.
    public var prefix = ""
    /// Labels of every series, such as the host's name; a series' own label of the same name wins.
    public var labels: LabelSet = .empty
    /// What becomes of counters.
    public var counters = CounterForm.difference
    /// How often the registry is read.
    public var interval: Duration = .seconds(10)
    /// The time between two points in Graphite's `storage-schemas.conf`: one minute, as carbon has it by default.
    ///
    /// Of several points in that time carbon keeps the last one. Therefore each flush tells what happened since the
    /// minute began, with the minute's first second, and the last one of a minute tells all of it. When this is
    /// shorter than Graphite's own, differences are lost; when it is longer, points are rarer.
    public var resolution: Duration = .seconds(60)
    /// The most bytes of a message: 64 KiB of a stream, or a packet of 1,432 bytes, which passes Ethernet unbroken.
    public var maximumMessageSize: Int { transport == .tcp ? 65_536 : 1432 }
    /// How many bytes wait at most while Graphite is away, each message counted as a full one; then the newest are
    /// dropped. 64 MiB are 1,024 messages, nearly the last three hours of a service whose flush fits into one.
    public var maximumQueuedBytes = 64 << 20

    /// The defaults for a host.
    public init(host: String, port: Int = 2003) {
        self.host = host
        self.port = port
    }
}
