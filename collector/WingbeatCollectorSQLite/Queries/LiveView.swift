// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Everything that a query reads, at one moment.
struct StoreView: Sendable {
    /// The spans in memory; the last head is the one that grows.
    var heads: [Head] = []
    /// The files, the oldest first.
    var files: [HourView] = []
}

/// The view as it is now: each change of it is seen whole or not at all.
final class LiveView: Sendable {
    private let view = Mutex(StoreView())

    var now: StoreView { view.withLock { $0 } }

    /// Adds a head that grows from now on.
    func open(_ head: Head) {
        view.withLock { $0.heads.append(head) }
    }

    /// Puts blocks in a head's place.
    func publish(_ blocks: [BlockEntry], _ services: [String: Int], in file: HourFile, insteadOf head: Head) {
        view.withLock { view in
            let position = view.files.firstIndex { $0.file === file } ?? view.files.count
            if position == view.files.count { view.files.append(HourView(file: file)) }
            view.files[position].blocks += blocks
            view.files[position].services.merge(services, uniquingKeysWith: +)
            view.heads.removeAll { $0 === head }
        }
    }

    /// Drops a head of which nothing is to be kept.
    func drop(_ head: Head) {
        view.withLock { $0.heads.removeAll { $0 === head } }
    }

    /// Adds files that an earlier process wrote.
    func add(_ files: [HourView]) {
        view.withLock { $0.files = (files + $0.files).sorted { $0.file.name < $1.file.name } }
    }

    /// Takes a file out: queries that begin from now on do not find it.
    func remove(_ file: HourFile) {
        let removed = view.withLock { view in
            let removed = view.files.filter { $0.file === file }
            view.files.removeAll { $0.file === file }
            return removed
        }
        withExtendedLifetime(removed) {}  // what it frees, it frees out of the lock
    }
}
