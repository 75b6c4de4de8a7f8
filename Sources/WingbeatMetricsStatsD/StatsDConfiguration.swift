// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatDeliverySockets
public import WingbeatModel

/// Where, how often and in which dialect metrics are sent to a StatsD server.
public struct StatsDConfiguration: Sendable {
    /// The language of the server.
    public var dialect: StatsDDialect
    /// Where the server listens: `.udp(host: "127.0.0.1", port: 8125)` by default.
    public var address: DatagramAddress
    /// How all names begin; a dot joins it to the name.
    public var prefix = ""
    /// Labels of all series, written behind their own; where a series has a label of that name, its own holds.
    public var globalTags: [Label] = []
    /// The type in which observations of histograms are sent.
    public var observationType: StatsDDialect.ObservationType = .timings
    /// Which part of all observations is sent, above 0 and up to 1, chosen at random; the server is told, and counts
    /// each for as many. Counters are exact at any rate.
    public var sampleRate = 1.0
    /// How many chosen observations wait for the next flush at most; further ones are counted and lost.
    public var maximumObservations = 65_536
    /// How often is sent; StatsD's own interval is 10 seconds too.
    public var interval: Duration = .seconds(10)
    /// How many bytes of packets wait at most while the server is away; then the newest packets are dropped.
    public var maximumQueuedBytes = 8 << 20
    /// Environment variables whose values were not understood, as sentences; they change nothing.
    public internal(set) var ignoredVariables: [String] = []

    private var chosenPacketSize: Int?

    /// How long a packet is at most, in bytes: by default 1,432, which fits into an Ethernet frame, and 8,192 for Unix
    /// sockets. A single longer line goes in a packet of its own; a server with a smaller buffer cuts it.
    public var maximumPacketSize: Int {
        get { chosenPacketSize ?? defaultPacketSize }
        set { chosenPacketSize = newValue }
    }

    /// A configuration with defaults.
    public init(
        dialect: StatsDDialect = .statsD,
        address: DatagramAddress = .udp(host: "127.0.0.1", port: defaultPort)
    ) {
        self.dialect = dialect
        self.address = address
    }

    /// The port on which StatsD servers listen: 8125.
    public static let defaultPort = 8125

    private var defaultPacketSize: Int {
        switch address {
        case .udp: 1432
        case .unix: 8192
        }
    }
}
