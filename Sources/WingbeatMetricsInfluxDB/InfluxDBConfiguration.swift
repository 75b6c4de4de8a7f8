// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Which InfluxDB is written to, and how.
public struct InfluxDBConfiguration: Sendable {
    /// The doors of InfluxDB.
    public enum Destination: Sendable {
        /// `/write` of InfluxDB 1; `url` is the server's, such as `http://127.0.0.1:8086`. Without a retention policy
        /// the database's default one takes the points; without a user none is named.
        case v1(
            url: String,
            database: String,
            retentionPolicy: String? = nil,
            user: String? = nil,
            password: String? = nil
        )
        /// `/api/v2/write` of InfluxDB 2 and 3, and of InfluxDB Cloud.
        case v2(url: String, organization: String, bucket: String, token: String)
        /// A UDP listener of InfluxDB 1, where the server's configuration names the database. Lost packets are lost.
        case udp(host: String, port: Int = 8089)
    }

    /// Where the points go.
    public var destination: Destination
    /// Tags of every point, such as the service's name; a series' own label of the same name wins.
    public var labels: LabelSet = .empty
    /// How often the registry is read.
    public var interval: Duration = .seconds(10)
    /// True to compress bodies with gzip; packets never are.
    public var isCompressed = false
    /// The most bytes of a body before it is compressed, or of a packet: 1 MB, or 1,432 bytes, which pass Ethernet
    /// unbroken. A longer line goes out alone.
    public var maximumMessageSize: Int
    /// How many bytes wait at most while InfluxDB is away, each message counted as a full one; then the newest are
    /// dropped. 100 MB are 100 bodies, the last 16 minutes of a service whose flush fits into one.
    public var maximumQueuedBytes = 100_000_000
    /// How long one request may take.
    public var timeout: Duration = .seconds(10)

    /// The defaults for a destination.
    public init(_ destination: Destination) {
        self.destination = destination
        maximumMessageSize = if case .udp = destination { 1432 } else { 1_000_000 }
    }
}
