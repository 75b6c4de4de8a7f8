// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The families of a registry by name, in the order of their declaration.
///
/// `http.requests` and `http_requests` are the same family: most backends could not tell them apart.
final class FamilyIndex: Sendable {
    private struct State {
        var byName: [String: any MetricFamily] = [:]
        var ordered: [any MetricFamily] = []
    }

    private let state = Mutex(State())

    var all: [any MetricFamily] { state.withLock { $0.ordered } }

    func family(named name: String, orInsert make: () -> any MetricFamily) -> any MetricFamily {
        state.withLock { state in
            if let family = state.byName[name] { return family }
            let canonical = canonicalMetricName(name)
            if let family = state.byName[canonical] {
                state.byName[name] = family
                return family
            }
            let family = make()
            state.byName[name] = family
            state.byName[canonical] = family
            state.ordered.append(family)
            return family
        }
    }
}

/// The name as Prometheus allows it: `[a-zA-Z_:][a-zA-Z0-9_:]*`, anything else replaced by `_`.
package func canonicalMetricName(_ name: String) -> String {
    sanitized(name, allowingColon: true)
}

/// The label's name as Prometheus allows it: `[a-zA-Z_][a-zA-Z0-9_]*`, anything else replaced by `_`.
package func canonicalLabelName(_ name: String) -> String {
    sanitized(name, allowingColon: false)
}

private func sanitized(_ name: String, allowingColon: Bool) -> String {
    var bytes: [UInt8] = name.unicodeScalars.map { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": UInt8(scalar.value)
        case ":" where allowingColon: UInt8(scalar.value)
        default: UInt8(ascii: "_")
        }
    }
    if bytes.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) ?? true {
        bytes.insert(UInt8(ascii: "_"), at: 0)
    }
    return String(decoding: bytes, as: UTF8.self)
}
