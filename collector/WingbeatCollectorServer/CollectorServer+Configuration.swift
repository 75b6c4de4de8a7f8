// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension CollectorServer {
    /// Limits of the server.
    public struct Configuration: Sendable {
        /// The largest body of a request, in bytes, as it comes over the wire.
        public var maximumBodyBytes = 10 * 1024 * 1024
        /// The largest body after it was inflated.
        public var maximumInflatedBytes = 64 * 1024 * 1024
        /// The most bytes of bodies that are held at once, of all requests together, inflated and decoded ones
        /// included (by estimate); what comes beyond is refused with 429.
        public var maximumBodyBytesInFlight = 256 * 1024 * 1024
        /// The most connections at once, of all ports together; beyond, the one that was idle for longest is closed.
        public var maximumConnections = 8192
        /// How long a connection may be idle.
        public var idleTimeout = Duration.seconds(75)
        /// How long the head of a request may take, from its first byte.
        public var headTimeout = Duration.seconds(10)
        /// How long the body of a request may take; a second more for each 16 KiB that came. Also how long a client
        /// may leave an answer unread.
        public var bodyTimeout = Duration.seconds(60)
        /// False when gRPC is OpenTelemetry's alone (Zipkin's `COLLECTOR_GRPC_ENABLED`).
        public var acceptsZipkinOverGRPC = true
        /// The names under which browsers may reach the collector, beside addresses and `localhost`; nil for any.
        public var allowedHosts: Set<String>?
        /// How far a search looks back when it does not say, in milliseconds.
        public var defaultLookback: Int64 = 86_400_000
        /// How many traces a search may ask for.
        public var maximumTraces = 10_000
        /// How many spans an answer may hold; what is left out is said in the header `Wingbeat-Truncated`.
        public var maximumAnswerSpans = 200_000
        /// How long a query may take; zero for as long as it wants.
        public var queryTimeout = Duration.seconds(11)
        /// False when nothing can be asked (Zipkin's `QUERY_ENABLED`).
        public var queryEnabled = true
        /// False when Zipkin's spans are not taken over HTTP (Zipkin's `COLLECTOR_HTTP_ENABLED`).
        public var collectorHTTPEnabled = true
        /// False when the page is not served (Zipkin's `UI_ENABLED`).
        public var uiEnabled = true
        /// False when searches find nothing; the store has to know it, too.
        public var searchEnabled = true
        /// The tags whose values can be asked for; the store has to know them, too.
        public var autocompleteKeys: Set<String> = []
        /// How long browsers may keep lists of names, in seconds.
        public var namesMaxAge = 300
        /// The web sites whose scripts may use the APIs.
        public var allowedOrigins = AllowedOrigins()
        /// What `/zipkin/config.json` says.
        public var page = ZipkinPageSettings()
        /// The collector's version, as `/info` says it.
        public var version = "0.1.0"
        /// What it was built of.
        public var commit = "unknown"
        /// Whether the collector records its own work.
        public var selfTracing = SelfTracingOptions()

        /// The defaults.
        public init() {}
    }
}
