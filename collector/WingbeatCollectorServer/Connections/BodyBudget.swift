// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Synchronization

/// How many bytes of bodies the collector holds at once: of all connections together, inflated and decoded ones included.
///
/// What a client has announced but not sent costs nothing, so that slow senders do not keep others out.
final class BodyBudget: Sendable {
    private let limit: Int
    private let used = Atomic(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Bytes that are held now.
    var bytes: Int { used.load(ordering: .relaxed) }

    fileprivate func take(_ count: Int) -> Bool {
        let held = used.wrappingAdd(count, ordering: .relaxed).newValue
        guard held > limit else { return true }
        give(count)
        return false
    }

    fileprivate func give(_ count: Int) {
        used.wrappingSubtract(count, ordering: .relaxed)
    }
}

/// One request's part of the budget, given back with the last reference to it.
final class BodyShare: Sendable {
    private let budget: BodyBudget
    private let taken = Atomic(0)

    init(of budget: BodyBudget) {
        self.budget = budget
    }

    deinit {
        budget.give(taken.load(ordering: .relaxed))
    }

    /// - Throws: 429 when all bodies together would be too large.
    func take(_ count: Int) throws(RequestError) {
        guard budget.take(count) else {
            throw RequestError(.tooManyRequests, "too many bytes wait to be read; try again later")
        }
        taken.wrappingAdd(count, ordering: .relaxed)
    }

    /// Takes what the spans of a body are likely to need: four times its bytes, of large bodies 64 MiB.
    func takeForDecoding(_ count: Int) throws(RequestError) {
        try take(min(4 * count, 64 << 20))
    }
}
