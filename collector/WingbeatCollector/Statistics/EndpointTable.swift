// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// The names of services and the endpoints on which spans were recorded, as small numbers.
///
/// Spans of one post share the objects that hold these; while it is read, what was looked up for an object is
/// remembered by its address.
struct EndpointTable {
    private struct Entry {
        let name: UInt32
        let endpoint: NetworkEndpoint
    }

    private struct Memo {
        var key: UInt = 0
        var number: UInt32 = 0
    }

    /// The names of services.
    private(set) var names: NameTable
    private let limit: Int
    private var numbers: [NetworkEndpoint: UInt32] = [:]
    private var entries = [Entry(name: NameTable.none, endpoint: NetworkEndpoint())]
    private var memos = [Memo](repeating: Memo(), count: 32)

    /// - Parameters:
    ///   - names: how many names there may be.
    ///   - endpoints: how many different endpoints are told apart; of further ones only the name is known.
    init(names: Int = 10_000, endpoints: Int = 20_000) {
        self.names = NameTable(limit: names)
        limit = endpoints
    }

    /// Forgets addresses: objects of the last post may be gone and others be at their place.
    mutating func beginPost() {
        for index in memos.indices { memos[index] = Memo() }
    }

    /// The number of the endpoint on which a span was recorded; zero for none.
    mutating func local(_ endpoint: Shared<NetworkEndpoint>?) -> UInt32 {
        guard let endpoint else { return 0 }
        return remembered(UInt(bitPattern: endpoint.identity)) { $0.number(of: endpoint.value) }
    }

    /// The number of a resource's name.
    mutating func resource(_ resource: Shared<Resource>?) -> UInt32 {
        guard let resource else { return NameTable.none }
        return remembered(UInt(bitPattern: resource.identity)) { $0.names.number(of: resource.value.serviceName) }
    }

    /// The number of the name of the other side.
    mutating func remoteName(_ endpoint: Shared<NetworkEndpoint>) -> UInt32 {
        remembered(UInt(bitPattern: endpoint.identity) | 1) { table in
            endpoint.value.serviceName.map { table.names.number(of: $0) } ?? NameTable.none
        }
    }

    /// The number of a name.
    mutating func name(_ text: String) -> UInt32 { names.number(of: text) }

    /// The number of the name of a local endpoint; none where it has no name.
    func name(ofLocal number: UInt32) -> UInt32 { entries[Int(number)].name }

    /// True when the parts of both that are known are the same.
    func agree(_ left: UInt32, _ right: UInt32) -> Bool {
        if left == right || left == 0 || right == 0 { return true }
        let one = entries[Int(left)]
        let other = entries[Int(right)]
        return (one.name == NameTable.none || other.name == NameTable.none || one.name == other.name)
            && Self.agree(one.endpoint.ipv4, other.endpoint.ipv4) && Self.agree(one.endpoint.ipv6, other.endpoint.ipv6)
            && Self.agree(one.endpoint.port, other.endpoint.port)
    }

    private static func agree<Value: Equatable>(_ left: Value?, _ right: Value?) -> Bool {
        left == nil || right == nil || left == right
    }

    private mutating func remembered(_ key: UInt, _ find: (inout EndpointTable) -> UInt32) -> UInt32 {
        let place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 59)
        if memos[place].key == key { return memos[place].number }
        let number = find(&self)
        memos[place] = Memo(key: key, number: number)
        return number
    }

    private mutating func number(of endpoint: NetworkEndpoint) -> UInt32 {
        if let number = numbers[endpoint] { return number }
        let name = endpoint.serviceName.map { names.number(of: $0) } ?? NameTable.none
        guard entries.count < limit else { return nameOnly(name) }
        return add(endpoint, name)
    }

    /// There are no more of these than there are names.
    private mutating func nameOnly(_ name: UInt32) -> UInt32 {
        let endpoint = NetworkEndpoint(serviceName: name == NameTable.none ? nil : names[name])
        return numbers[endpoint] ?? add(endpoint, name)
    }

    private mutating func add(_ endpoint: NetworkEndpoint, _ name: UInt32) -> UInt32 {
        let number = UInt32(truncatingIfNeeded: entries.count)
        entries.append(Entry(name: name, endpoint: endpoint))
        numbers[endpoint] = number
        return number
    }
}
