// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel
import WingbeatSpanCodecs

/// What counting and linking need to know of a span, in 56 bytes; names and endpoints are numbers of an
/// ``EndpointTable``.
struct SpanDigest {
    /// Truth values of a span.
    struct Flags: OptionSet {
        let rawValue: UInt8

        static let shared = Flags(rawValue: 1)
        static let errorTag = Flags(rawValue: 2)
        static let statusOK = Flags(rawValue: 4)
        static let statusError = Flags(rawValue: 8)
        /// An endpoint of the other side is there, whatever it says.
        static let remote = Flags(rawValue: 16)
        /// That endpoint says something, so that attributes have nothing to say.
        static let remoteSaysMore = Flags(rawValue: 32)
    }

    let id: UInt64
    /// Zero at the root.
    var parent: UInt64
    /// Nanoseconds since 1970; zero when unknown.
    var start: UInt64
    /// Nanoseconds; zero when unknown.
    var duration: UInt64
    /// The local endpoint.
    var local: UInt32
    /// The name of the resource.
    var resource: UInt32
    /// The name of the other side's endpoint.
    var remote: UInt32
    /// The name of the other side as the attributes tell it.
    var peer: UInt32 = NameTable.none
    /// How well the attribute names it; the lower, the better.
    var peerRank = UInt8.max
    var kind: SpanRecord.Kind?
    var flags: Flags

    /// The digest of a span.
    init(_ span: SpanRecord, _ table: inout EndpointTable) {
        id = span.id.value
        parent = span.parentID?.value ?? 0
        start = span.startNanoseconds
        duration = span.durationNanoseconds
        local = table.local(span.sharedLocalEndpoint)
        resource = table.resource(span.sharedResource)
        remote = NameTable.none
        kind = span.kind
        flags = span.isShared ? .shared : []
        switch span.status {
        case .unset: break
        case .ok: flags.insert(.statusOK)
        case .error: flags.insert(.statusError)
        }
        readRemote(span, &table)
        readAttributes(span, &table)
    }

    /// True when the span failed, as ``SpanRecord/isError``.
    var isError: Bool { !flags.isDisjoint(with: [.errorTag, .statusError]) }

    /// The side of a remote call; nil for work inside a process.
    var remoteKind: SpanRecord.Kind? { kind == .internal ? nil : kind }

    /// The number of the service's name; none when unknown.
    func service(_ table: EndpointTable) -> UInt32 {
        let name = table.name(ofLocal: local)
        return name == NameTable.none ? resource : name
    }

    /// The number of the other side's name, as `ZipkinSpan` has it; none when unknown.
    var remoteService: UInt32 {
        if flags.contains(.remoteSaysMore) { return remote }
        return kind == .client || kind == .producer ? peer : NameTable.none
    }

    private mutating func readRemote(_ span: SpanRecord, _ table: inout EndpointTable) {
        guard let endpoint = span.sharedRemoteEndpoint else { return }
        flags.insert(.remote)
        let name = table.remoteName(endpoint)
        let hasName = name > NameTable.empty
        if hasName { remote = name }
        if hasName || Self.hasAddress(endpoint.value) { flags.insert(.remoteSaysMore) }
    }

    private static func hasAddress(_ endpoint: NetworkEndpoint) -> Bool {
        endpoint.ipv4 != nil || endpoint.ipv6 != nil || endpoint.port != nil
    }

    private mutating func readAttributes(_ span: SpanRecord, _ table: inout EndpointTable) {
        let mayName = kind != .server && kind != .consumer && kind != .internal
        var best = -1
        for index in span.attributes.indices {
            let key = span.attributes[index].key
            if key.utf8.count == 5 {
                if key == "error", span.attributes[index].value != .bool(false) { flags.insert(.errorTag) }
            } else if mayName, let rank = PeerKey.rank(of: key), rank < peerRank,
                !span.attributes[index].value.description.isEmpty
            {
                peerRank = rank
                best = index
            }
        }
        guard best >= 0 else { return }
        let text = span.attributes[best].value.description
        if !PeerKey.isAddress(text) { peer = table.name(text) }
    }
}

extension SpanDigest {
    /// Adds what another fragment of the span says: of two values the first one that is known counts.
    mutating func merge(_ other: SpanDigest) {
        if parent == 0 { parent = other.parent }
        kind = kind ?? other.kind
        if start == 0 { start = other.start }
        if duration == 0 { duration = other.duration }
        if local == 0 { local = other.local }
        if resource == NameTable.none { resource = other.resource }
        if flags.isDisjoint(with: [.statusOK, .statusError]) {
            flags.formUnion(other.flags.intersection([.statusOK, .statusError]))
        }
        if other.flags.contains(.errorTag) { flags.insert(.errorTag) }
        if !flags.contains(.remote) {
            remote = other.remote
            flags.formUnion(other.flags.intersection([.remote, .remoteSaysMore]))
        }
        if other.peerRank < peerRank {
            peerRank = other.peerRank
            peer = other.peer
        }
    }
}
