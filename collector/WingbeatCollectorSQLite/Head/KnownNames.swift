// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The names of everything that the store holds, in memory, so that lists of names cost no reading.
final class KnownNames: Sendable {
    private struct State {
        var names = Names()
        /// What was added while others are gathered to replace ``names``.
        var added: Names?
    }

    private let state = Mutex(State())

    func add(_ names: Names) {
        state.withLock { state in
            state.names.add(names)
            state.added?.add(names)
        }
    }

    /// Gathers the names anew, after something was deleted; what is added meanwhile is not lost.
    func replace(with gather: () -> Names) {
        state.withLock { $0.added = Names() }
        var names = gather()
        state.withLock { state in
            if let added = state.added { names.add(added) }
            state = State(names: names)
        }
    }

    var services: [String] { state.withLock { Array($0.names.services.keys) }.sorted() }

    func spanNames(ofService service: String) -> [String] {
        state.withLock { $0.names.services[service]?.spanNames ?? [] }.sorted()
    }

    func remoteServices(ofService service: String) -> [String] {
        state.withLock { $0.names.services[service]?.remoteServices ?? [] }.sorted()
    }

    func tagValues(forKey key: String) -> [String] {
        state.withLock { $0.names.tagValues[key] ?? [] }.sorted()
    }

    /// How many times a name found no room.
    var dropped: Int { state.withLock { $0.names.dropped } }
}
