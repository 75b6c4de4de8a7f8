// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension PrometheusServer {
    /// Where to listen, and limits.
    public struct Configuration: Sendable {
        /// The address or name of the interface; by default only this machine can scrape.
        public var host: String
        /// The port; 0 lets the system choose one.
        public var port: Int
        /// The path of the scrape.
        public var path = "/metrics"
        /// How many connections are open at most; a further one is closed at once.
        public var maximumConnections = 64
        /// How long a connection may do nothing, and a client may take to read, before it is closed.
        public var idleTimeout: Duration = .seconds(90)

        /// The defaults of OpenTelemetry's Prometheus exporter, unless said otherwise.
        public init(host: String = "127.0.0.1", port: Int = 9464) {
            self.host = host
            self.port = port
        }

        /// The defaults with the environment's overrides: `OTEL_EXPORTER_PROMETHEUS_HOST` and
        /// `OTEL_EXPORTER_PROMETHEUS_PORT` (OpenTelemetry specification, "SDK environment variables").
        ///
        /// - Parameters:
        ///   - environment: the variables, such as `ProcessInfo.processInfo.environment`; an empty one is not set.
        ///   - reportTrouble: called with a sentence for a person when a value is not understood, which then changes
        ///     nothing.
        public init(environment: [String: String], reportTrouble: (String) -> Void = { _ in }) {
            self.init()
            if let host = environment[hostVariable], !host.isEmpty { self.host = host }
            guard let port = environment[portVariable], !port.isEmpty else { return }
            if let number = UInt16(port) {
                self.port = Int(number)
            } else {
                reportTrouble("ignored: \(portVariable)=\(port) is not a port from 0 to 65535")
            }
        }
    }
}

private let hostVariable = "OTEL_EXPORTER_PROMETHEUS_HOST"
private let portVariable = "OTEL_EXPORTER_PROMETHEUS_PORT"
