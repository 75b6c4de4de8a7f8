// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

/// The attributes that name the other side of a call.
///
/// Source: OpenTelemetry specification, "Zipkin exporter", remote endpoint.
package enum PeerKey {
    /// How well an attribute of this key names it, zero best; nil when it does not.
    package static func rank(of key: String) -> UInt8? {
        switch key.utf8.count {
        case 7: key == "db.name" ? 10 : nil
        case 12: key == "peer.service" ? 0 : key == "peer.address" ? 9 : nil
        case 13: key == "net.peer.name" ? 2 : key == "peer.hostname" ? 8 : nil
        case 14: key == "server.address" ? 1 : nil
        case 18: key == "net.sock.peer.name" ? 6 : key == "net.sock.peer.addr" ? 7 : nil
        case 20: key == "network.peer.address" ? 3 : key == "server.socket.domain" ? 4 : nil
        case 21: key == "server.socket.address" ? 5 : nil
        default: nil
        }
    }

    /// The key of the port that belongs to the name of this rank; nil when there is none.
    package static func port(ofRank rank: UInt8) -> String? {
        switch rank {
        case 1: "server.port"
        case 2: "net.peer.port"
        case 3: "network.peer.port"
        case 4, 5: "server.socket.port"
        case 6, 7: "net.sock.peer.port"
        default: nil
        }
    }

    /// True when the name is an address. Most names have a letter that no address has.
    package static func isAddress(_ name: String) -> Bool {
        let isLikely = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "A")...UInt8(ascii: "F"),
                UInt8(ascii: "a")...UInt8(ascii: "f"):
                true
            default: false
            }
        }
        guard isLikely else { return false }
        var endpoint = NetworkEndpoint()
        return endpoint.setAddress(name)
    }
}

extension SpanRecord {
    /// The attribute that names the other side best, if its span is one that has another side to name.
    package var peer: (name: String, rank: UInt8)? {
        guard kind == .client || kind == .producer else { return nil }
        var best: (index: Int, rank: UInt8)?
        for index in attributes.indices {
            guard let rank = PeerKey.rank(of: attributes[index].key), rank < best?.rank ?? .max else { continue }
            if attributes[index].value != .string("") { best = (index, rank) }
        }
        return best.map { (attributes[$0.index].value.description, $0.rank) }
    }

    /// The name of the other side in Zipkin's view, in the case in which it came.
    package var remoteServiceName: String? {
        if let endpoint = sharedRemoteEndpoint?.value {
            if let name = endpoint.serviceName, !name.isEmpty { return name }
            if endpoint.ipv4 != nil || endpoint.ipv6 != nil || endpoint.port != nil { return nil }
        }
        guard let peer, !PeerKey.isAddress(peer.name) else { return nil }
        return peer.name
    }
}
