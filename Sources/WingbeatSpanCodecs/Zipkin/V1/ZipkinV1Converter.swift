// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Makes of a span of Zipkin's first version one span for each host that took part.
///
/// Source: the behaviour of Zipkin's `V1SpanConverter`: `cs` and `cr` are the two ends of a client's span, `sr` and `ss`
/// of a server's, `ms` and `ws` of a producer's, `wr` and `mr` of a consumer's; where one span has both a client and a
/// server, the server's is shared.
struct ZipkinV1Converter {
    typealias Annotation = ZipkinV1Span.Annotation

    let source: ZipkinV1Span
    /// The first takes all of which the host is unknown.
    var spans: [SpanRecord]
    /// Which span a service has, by its name in lower case; nil is the name of those without one.
    private var places: [String?: Int] = [:]
    private(set) var core: [Core: Annotation] = [:]

    /// The annotations that are the ends of a call or of a message's way.
    enum Core: String {
        case cs, cr, sr, ss, ms, mr, ws, wr

        var kind: SpanRecord.Kind? {
            switch self {
            case .cs, .cr: .client
            case .sr, .ss: .server
            case .ms: .producer
            case .mr: .consumer
            case .ws, .wr: nil
            }
        }
    }

    /// The spans of a span, at least one.
    static func convert(_ source: ZipkinV1Span) -> [SpanRecord] {
        var converter = ZipkinV1Converter(source)
        converter.convertAnnotations()
        converter.addMissingStarts()
        converter.convertCall()
        converter.markShared()
        converter.convertMessage()
        converter.convertBinaryAnnotations()
        for index in converter.spans.indices { converter.spans[index].normalizeForZipkin() }
        return converter.spans
    }

    private init(_ source: ZipkinV1Span) {
        self.source = source
        spans = [Self.span(of: source)]
        spans[0].dropped.events = source.droppedAnnotations
    }

    private static func span(of source: ZipkinV1Span) -> SpanRecord {
        var span = SpanRecord(traceID: source.traceID, id: source.id, parentID: source.parentID, name: source.name)
        span.isDebug = source.isDebug
        return span
    }

    // MARK: Hosts

    /// The span of a host, which is made where there is none.
    mutating func place(of endpoint: Shared<NetworkEndpoint>?) -> Int {
        guard let endpoint else { return 0 }
        let name = Self.name(of: endpoint)
        if let place = places[name] { return place }
        guard spans[0].sharedLocalEndpoint != nil else {
            spans[0].sharedLocalEndpoint = endpoint
            places[name] = 0
            return 0
        }
        places[name] = spans.count
        return fork(endpoint)
    }

    private mutating func fork(_ endpoint: Shared<NetworkEndpoint>?) -> Int {
        var span = Self.span(of: source)
        span.sharedLocalEndpoint = endpoint
        spans.append(span)
        return spans.count - 1
    }

    static func name(of endpoint: Shared<NetworkEndpoint>?) -> String? {
        endpoint?.value.serviceName?.lowercased()
    }

    /// The span of the second end; a new one where both ends are the same service.
    private mutating func place(of second: Annotation, beside first: Annotation, _ kind: SpanRecord.Kind) -> Int {
        guard Self.name(of: first.endpoint) == Self.name(of: second.endpoint) else {
            return place(of: second.endpoint)
        }
        let place = fork(second.endpoint)
        spans[place].kind = kind
        return place
    }

    // MARK: Annotations

    private mutating func convertAnnotations() {
        for annotation in source.annotations.sorted(by: { ($0.time, $0.value) < ($1.time, $1.value) }) {
            let place = place(of: annotation.endpoint)
            if annotation.endpoint != nil, let end = Core(rawValue: annotation.value) {
                core[end] = annotation
                if let kind = end.kind { spans[place].kind = kind }
            } else {
                add(annotation, to: place)
            }
        }
    }

    private mutating func add(_ annotation: Annotation?, to place: Int) {
        guard let annotation else { return }
        spans[place].events.append(SpanRecord.Event(nanoseconds: annotation.time, name: annotation.value))
    }

    /// Bridges from models of spans to those of events may leave out the start.
    private mutating func addMissingStarts() {
        for (start, end) in [(Core.cs, Core.cr), (.sr, .ss)] {
            guard core[start] == nil, let end = core[end], source.start > 0, source.duration > 0,
                source.start &+ source.duration == end.time
            else { continue }
            core[start] = Annotation(time: source.start, value: start.rawValue, endpoint: end.endpoint)
        }
    }

    // MARK: Calls

    private mutating func convertCall() {
        if let cs = core[.cs], let sr = core[.sr] {
            convertBothSides(cs, sr)
        } else if let cs = core[.cs], let cr = core[.cr] {
            setTimes(from: cs, to: cr)
        } else if let sr = core[.sr], let ss = core[.ss] {
            setTimes(from: sr, to: ss)
        } else {
            convertIncompleteCall()
        }
    }

    private mutating func convertBothSides(_ cs: Annotation, _ sr: Annotation) {
        setTimes(from: cs, to: core[.cr])
        let client = place(of: cs.endpoint)
        let server = place(of: sr, beside: cs, .server)
        if Self.name(of: cs.endpoint) == Self.name(of: sr.endpoint) { spans[client].kind = .client }
        spans[server].isShared = true
        setTimes(of: server, from: sr.time, to: core[.ss]?.time)
        if core[.cr] == nil, source.duration == 0 { spans[client].durationNanoseconds = 0 }  // nobody answers
    }

    /// Ends without their starts stay annotations.
    private mutating func convertIncompleteCall() {
        for place in spans.indices {
            let isClient = spans[place].kind == .client
            guard isClient || spans[place].kind == .server else { continue }
            if let start = core[isClient ? .cs : .sr] { spans[place].startNanoseconds = start.time }
            add(core[isClient ? .cr : .ss], to: place)
        }
        guard source.start > 0 else { return }
        spans[0].startNanoseconds = source.start
        spans[0].durationNanoseconds = source.duration
    }

    /// The first version has no flag for a shared span: the server leaves out what the client measures.
    private mutating func markShared() {
        guard core[.cs] == nil, let sr = core[.sr] else { return }
        guard source.start == 0 || core[.ss] != nil && source.duration == 0 else { return }
        spans[place(of: sr.endpoint)].isShared = true
    }

    // MARK: Messages

    private mutating func convertMessage() {
        switch (core[.ms], core[.mr]) {
        case (let ms?, let mr?):
            let producer = place(of: ms.endpoint)
            let consumer = place(of: mr, beside: ms, .consumer)
            if Self.name(of: ms.endpoint) == Self.name(of: mr.endpoint) { spans[producer].kind = .producer }
            spans[consumer].isShared = true
            setTimes(of: consumer, from: core[.wr]?.time ?? mr.time, to: core[.wr] == nil ? nil : mr.time)
            setTimes(of: producer, from: ms.time, to: core[.ws]?.time)
        case (let ms?, nil): setTimes(from: ms, to: core[.ws])
        case (nil, let mr?): setTimes(from: core[.wr] ?? mr, to: core[.wr] == nil ? nil : mr)
        case (nil, nil):
            for end in [core[.ws], core[.wr]] { if let end { add(end, to: place(of: end.endpoint)) } }
        }
    }

    // MARK: Times

    /// What the span itself says of its times counts for more than its annotations.
    private mutating func setTimes(from start: Annotation, to end: Annotation?) {
        let place = place(of: start.endpoint)
        guard source.start > 0, source.duration > 0 else {
            return setTimes(of: place, from: start.time, to: end?.time)
        }
        spans[place].startNanoseconds = source.start
        spans[place].durationNanoseconds = source.duration
    }

    private mutating func setTimes(of place: Int, from start: UInt64, to end: UInt64?) {
        spans[place].startNanoseconds = start
        spans[place].durationNanoseconds = end.map { $0 > start ? $0 - start : 0 } ?? 0
    }
}
