// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Which spans of a batch have their emitter and their scope in common: OTLP writes these once for all of them.
///
/// Groups stand in the order of their first spans. Spans that follow each other mostly share one object, and are told
/// apart without looking into it.
struct OTLPGroups {
    /// Who emitted spans: the resource, and the name that Zipkin's local endpoint gives it.
    struct Emitter: Hashable {
        let resource: Shared<Resource>?
        let serviceName: String?

        /// False where nothing is known.
        var isKnown: Bool { resource != nil || serviceName != nil }
        /// The attribute `service.name`; empty when unknown.
        var name: String { serviceName ?? resource?.value.serviceName ?? "" }
    }

    /// The spans of a scope.
    struct Scope {
        let scope: Shared<InstrumentationScope>?
        /// Their positions in the batch.
        var members: [Int]
    }

    private struct Key: Hashable {
        let emitter: Emitter
        let scope: Shared<InstrumentationScope>?
    }

    private(set) var emitters: [(emitter: Emitter, scopes: [Scope])] = []
    private var positions: [Emitter: Int] = [:]
    private var places: [Key: (emitter: Int, scope: Int)] = [:]

    init(_ spans: UnsafeBufferPointer<SpanRecord>) {
        var place = (emitter: 0, scope: 0)
        for index in spans.indices {
            if index == 0 || !Self.haveOneOrigin(spans, index - 1, index) {
                place = self.place(of: spans[index])
            }
            emitters[place.emitter].scopes[place.scope].members.append(index)
        }
    }

    private static func haveOneOrigin(_ spans: UnsafeBufferPointer<SpanRecord>, _ one: Int, _ other: Int) -> Bool {
        areIdentical(spans[one].sharedResource, spans[other].sharedResource)
            && areIdentical(spans[one].sharedScope, spans[other].sharedScope)
            && areIdentical(spans[one].sharedLocalEndpoint, spans[other].sharedLocalEndpoint)
    }

    private static func areIdentical<Value>(_ left: Shared<Value>?, _ right: Shared<Value>?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.isIdentical(to: right)
    }

    private mutating func place(of span: borrowing SpanRecord) -> (emitter: Int, scope: Int) {
        let emitter = Emitter(resource: span.sharedResource, serviceName: ZipkinMapping.serviceName(of: span))
        let key = Key(emitter: emitter, scope: span.sharedScope)
        if let place = places[key] { return place }
        let position = position(of: emitter)
        emitters[position].scopes.append(Scope(scope: key.scope, members: []))
        let place = (position, emitters[position].scopes.count - 1)
        places[key] = place
        return place
    }

    private mutating func position(of emitter: Emitter) -> Int {
        if let position = positions[emitter] { return position }
        emitters.append((emitter, []))
        positions[emitter] = emitters.count - 1
        return emitters.count - 1
    }
}
