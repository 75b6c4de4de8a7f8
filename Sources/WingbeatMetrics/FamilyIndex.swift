// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The families of a registry by name, in the order of their declaration.
///
/// `http.requests` and `http_requests` are the same family: most backends could not tell them apart.
final class FamilyIndex: Sendable {
    private struct State {
        var byName: [String: FamilyTable] = [:]
        var ordered: [FamilyTable] = []
        var exposed: Set<String> = []
        var mayCollide = false
    }

    private let state = Locked(State())
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var all: [FamilyTable] { state.withLock { $0.ordered } }

    /// True when two families want one name in an exposition.
    var mayCollide: Bool { state.withLock { $0.mayCollide } }

    /// - Returns: nil when there is no family of the name and no room for one more.
    func family(named name: String, orInsert make: () -> FamilyTable) -> FamilyTable? {
        state.withLock { state in
            if let family = state.byName[name] { return family }
            let canonical = withoutTotal(canonicalMetricName(name))
            if let family = state.byName[canonical] {
                if state.byName.count < 4 * limit { state.byName[name] = family }
                return family
            }
            guard state.ordered.count < limit else { return nil }
            let family = make()
            state.byName[name] = family
            state.byName[canonical] = family
            state.ordered.append(family)
            state.mayCollide = state.mayCollide || !state.exposed.isDisjoint(with: family.names.reserved)
            state.exposed.formUnion(family.names.reserved)
            return family
        }
    }
}

/// `orders` and `orders_total` are one counter: exporters that want the suffix add it.
private func withoutTotal(_ name: String) -> String {
    name.hasSuffix("_total") ? String(name.dropLast("_total".count)) : name
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
    let isAllowed = { (byte: UInt8) in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: ":"): allowingColon
        default: false
        }
    }
    let beginsWithDigit = name.utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
    if !beginsWithDigit, name.utf8.allSatisfy(isAllowed) { return name }
    // One underscore for each character that is not allowed, not for each of its bytes.
    let characters = name.unicodeScalars.map { scalar in
        scalar.isASCII && isAllowed(UInt8(scalar.value)) ? scalar : "_"
    }
    return (beginsWithDigit ? "_" : "") + String(String.UnicodeScalarView(characters))
}
