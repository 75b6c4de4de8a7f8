// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A finished span, as it is reported, stored and drawn.
///
/// It keeps what both OpenTelemetry and Zipkin can say: typed attributes, nanoseconds, links and status of the one;
/// endpoints, the shared and the debug flag of the other. Names keep the case in which they came; Zipkin's view of
/// them, in lower case, is made when a span is written as Zipkin JSON.
public struct SpanRecord: Hashable, Sendable {
    /// The trace to which the span belongs.
    public var traceID: TraceID
    /// The span's own id. With Zipkin's shared spans the client's and the server's side carry the same one.
    public var id: SpanID
    /// The span that caused this one; nil at the root.
    public var parentID: SpanID?
    /// The side of a remote call on which the span was recorded; nil for work inside a process.
    public var kind: Kind?
    /// What was done, for example `GET /orders/{id}`; empty when unknown.
    public var name: String
    /// The start in nanoseconds since 1970; zero when unknown.
    public var startNanoseconds: UInt64
    /// The duration in nanoseconds; zero when unknown.
    public var durationNanoseconds: UInt64
    /// Whether it went well.
    public var status: Status
    /// Zipkin's tags and OpenTelemetry's attributes.
    public var attributes: [Attribute]
    /// Zipkin's annotations and OpenTelemetry's events.
    public var events: [Event]
    /// Other spans to which this one relates without being their child.
    public var links: [Link]
    /// The emitter, where it said more than its name.
    public var resource: Resource?
    /// Where the span was recorded, with the service's name.
    public var localEndpoint: NetworkEndpoint?
    /// The other side of a remote call.
    public var remoteEndpoint: NetworkEndpoint?
    /// Zipkin: the server's side of a span whose id the client made.
    public var isShared: Bool
    /// B3's debug flag: kept whatever any sampler says.
    public var isDebug: Bool

    /// A span with nothing known but its ids.
    public init(traceID: TraceID, id: SpanID, parentID: SpanID? = nil, name: String = "") {
        self.traceID = traceID
        self.id = id
        self.parentID = parentID
        self.name = name
        kind = nil
        startNanoseconds = 0
        durationNanoseconds = 0
        status = .unset
        attributes = []
        events = []
        links = []
        resource = nil
        localEndpoint = nil
        remoteEndpoint = nil
        isShared = false
        isDebug = false
    }

    /// The side of a remote call.
    public enum Kind: UInt8, Hashable, Sendable {
        /// Sends a request and awaits the answer.
        case client = 1
        /// Answers a request.
        case server = 2
        /// Sends a message to a broker.
        case producer = 3
        /// Receives a message from a broker.
        case consumer = 4
    }

    /// How the work ended.
    public enum Status: Hashable, Sendable {
        /// Nobody said.
        case unset
        /// Somebody said that it went well.
        case ok
        /// It failed, with a description for people (may be empty).
        case error(String)
    }

    /// Something that happened at a moment of the span.
    public struct Event: Hashable, Sendable {
        /// The moment, in nanoseconds since 1970.
        public var nanoseconds: UInt64
        /// What happened.
        public var name: String
        /// Details.
        public var attributes: [Attribute]

        /// An event.
        public init(nanoseconds: UInt64, name: String, attributes: [Attribute] = []) {
            self.nanoseconds = nanoseconds
            self.name = name
            self.attributes = attributes
        }
    }

    /// A reference to another span.
    public struct Link: Hashable, Sendable {
        /// The other span's trace.
        public var traceID: TraceID
        /// The other span.
        public var spanID: SpanID
        /// Details.
        public var attributes: [Attribute]

        /// A link.
        public init(traceID: TraceID, spanID: SpanID, attributes: [Attribute] = []) {
            self.traceID = traceID
            self.spanID = spanID
            self.attributes = attributes
        }
    }
}

/// One side of a conversation on the network.
public struct NetworkEndpoint: Hashable, Sendable {
    /// The service's name, in the case in which it was given; nil when unknown.
    public var serviceName: String?
    /// An IPv4 address in dotted form.
    public var ipv4: String?
    /// An IPv6 address in its canonical form (RFC 5952).
    public var ipv6: String?
    /// The port; nil when unknown.
    public var port: UInt16?

    /// An endpoint of the parts that are known.
    public init(serviceName: String? = nil, ipv4: String? = nil, ipv6: String? = nil, port: UInt16? = nil) {
        self.serviceName = serviceName
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        self.port = port
    }

    /// True when nothing is known.
    public var isEmpty: Bool { serviceName == nil && ipv4 == nil && ipv6 == nil && port == nil }
}

extension SpanRecord {
    /// The name of the service that recorded the span.
    public var serviceName: String? { localEndpoint?.serviceName ?? resource?.serviceName }

    /// True when the status says so, or when an attribute `error` is there: Zipkin's convention, whatever its text. Only
    /// OpenTelemetry's truth value false says the opposite.
    public var isError: Bool {
        if case .error = status { return true }
        return attributes.contains { $0.key == "error" && $0.value != .bool(false) }
    }

    /// The value of the first attribute with the key.
    public subscript(attribute key: String) -> AttributeValue? {
        attributes.first { $0.key == key }?.value
    }
}
