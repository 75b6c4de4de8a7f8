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
    /// W3C `tracestate` with which the span was made; empty where there was none.
    public var traceState = ""
    /// OpenTelemetry's flags of a span: W3C's trace flags in the lowest eight bits, above them whether it is known that
    /// the parent is remote (bit 8), and whether it is (bit 9). Zero when unknown.
    public var flags: UInt32 = 0
    /// The side of a remote call on which the span was recorded; nil when nobody said.
    public var kind: Kind?
    /// What was done, for example `GET /orders/{id}`; empty when unknown.
    public var name: String
    /// The start in nanoseconds since 1970; zero when unknown.
    public var startNanoseconds: UInt64 = 0
    /// The duration in nanoseconds; zero when unknown.
    public var durationNanoseconds: UInt64 = 0
    /// Whether it went well.
    public var status = Status.unset
    /// Zipkin's tags and OpenTelemetry's attributes.
    public var attributes: [Attribute] = []
    /// Zipkin's annotations and OpenTelemetry's events.
    public var events: [Event] = []
    /// Other spans to which this one relates without being their child.
    public var links: [Link] = []
    /// How many attributes, events and links were left out for want of room.
    public var dropped = Dropped()
    package var sharedResource: Shared<Resource>?
    package var sharedScope: Shared<InstrumentationScope>?
    package var sharedLocalEndpoint: Shared<NetworkEndpoint>?
    package var sharedRemoteEndpoint: Shared<NetworkEndpoint>?
    /// Zipkin: the server's side of a span whose id the client made.
    public var isShared = false
    /// B3's debug flag: kept whatever any sampler says.
    public var isDebug = false

    /// A span with nothing known but its ids.
    public init(traceID: TraceID, id: SpanID, parentID: SpanID? = nil, name: String = "") {
        self.traceID = traceID
        self.id = id
        self.parentID = parentID
        self.name = name
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
        /// Works inside a process. Zipkin has no word for it and says nothing.
        case `internal` = 5
    }

    /// What was left out of a span.
    public struct Dropped: Hashable, Sendable {
        /// Attributes of the span itself.
        public var attributes: UInt32 = 0
        /// Events.
        public var events: UInt32 = 0
        /// Links.
        public var links: UInt32 = 0

        /// Nothing.
        public init() {}
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
        /// How many details were left out.
        public var droppedAttributes: UInt32 = 0

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
        /// How many details were left out.
        public var droppedAttributes: UInt32 = 0
        /// W3C `tracestate` of the other span; empty where there was none.
        public var traceState = ""
        /// OpenTelemetry's flags of the other span, as ``SpanRecord/flags``.
        public var flags: UInt32 = 0

        /// A link.
        public init(traceID: TraceID, spanID: SpanID, attributes: [Attribute] = []) {
            self.traceID = traceID
            self.spanID = spanID
            self.attributes = attributes
        }
    }
}

extension SpanRecord {
    /// The emitter, where it said more than its name.
    public var resource: Resource? {
        get { sharedResource?.value }
        set { sharedResource = newValue.map(Shared.init) }
    }

    /// The library that made the span, where it is known.
    public var scope: InstrumentationScope? {
        get { sharedScope?.value }
        set { sharedScope = newValue.map(Shared.init) }
    }

    /// Where the span was recorded, with the service's name.
    public var localEndpoint: NetworkEndpoint? {
        get { sharedLocalEndpoint?.value }
        set { sharedLocalEndpoint = newValue.map(Shared.init) }
    }

    /// The other side of a remote call.
    public var remoteEndpoint: NetworkEndpoint? {
        get { sharedRemoteEndpoint?.value }
        set { sharedRemoteEndpoint = newValue.map(Shared.init) }
    }
}

extension SpanRecord {
    /// The name of the service that recorded the span.
    public var serviceName: String? { localEndpoint?.serviceName ?? resource?.serviceName }

    /// The side of a remote call, as Zipkin sees it: nil for work inside a process.
    public var remoteKind: Kind? { kind == .internal ? nil : kind }

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
