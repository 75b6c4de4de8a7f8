// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The filters of blocks that were asked for last, in memory up to a number of bytes.
///
/// Two generations: what is asked for is young; when the young ones take half of the room the old ones go and the
/// young ones are old.
final class FilterCache: Sendable {
    private struct Key: Hashable {
        let file: HourName
        let block: Int64
    }

    private struct State {
        var young: [Key: [UInt8]] = [:]
        var old: [Key: [UInt8]] = [:]
        var youngBytes = 0
    }

    private let state = Mutex(State())
    private let maximumBytes: Int

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// The filter, read where it is not here.
    func filter(ofBlock block: Int64, in file: HourName, read: () throws -> [UInt8]) rethrows -> [UInt8] {
        let key = Key(file: file, block: block)
        let known = state.withLock { state -> [UInt8]? in
            if let filter = state.young[key] { return filter }
            guard let filter = state.old[key] else { return nil }
            keep(filter, key, in: &state)
            return filter
        }
        if let known { return known }
        let filter = try read()
        state.withLock { keep(filter, key, in: &$0) }
        return filter
    }

    private func keep(_ filter: [UInt8], _ key: Key, in state: inout State) {
        if state.young.updateValue(filter, forKey: key) == nil { state.youngBytes += filter.count + 64 }
        guard state.youngBytes > maximumBytes / 2 else { return }
        state.old = state.young
        state.young = [:]
        state.youngBytes = 0
    }
}
