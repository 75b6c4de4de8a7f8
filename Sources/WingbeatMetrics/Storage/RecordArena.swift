// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatCells

/// The memory of a family's records: taken in chunks, reused by size, and freed with the family.
final class RecordArena {
    private static let chunkLength = 4096
    private static let granule = 4

    private var chunks: [UnsafeMutablePointer<UInt64>] = []
    private var next: UnsafeMutablePointer<UInt64>?
    private var left = 0
    private var freed: [Int: [UnsafeMutablePointer<UInt64>]] = [:]

    deinit {
        for chunk in chunks { chunk.deallocate() }
    }

    func record(_ key: UnsafeBufferPointer<UInt64>, run: wingbeat_run, row: Int) -> SeriesIndex.Record {
        let words = words(SeriesIndex.Record.headerLength + key.count)
        wingbeat_store(words, run.tag)
        wingbeat_store(words + 1, UInt64(run.position) | UInt64(row) << 32)
        wingbeat_store(words + 2, UInt64(key.count))
        for index in key.indices { wingbeat_store(words + SeriesIndex.Record.headerLength + index, key[index]) }
        return SeriesIndex.Record(words: words)
    }

    func free(_ record: SeriesIndex.Record) {
        freed[Self.size(SeriesIndex.Record.headerLength + record.key.count), default: []].append(record.words)
    }

    private static func size(_ length: Int) -> Int { (length + granule - 1) / granule * granule }

    private func words(_ length: Int) -> UnsafeMutablePointer<UInt64> {
        let size = Self.size(length)
        if !freed.isEmpty, let reused = freed[size]?.popLast() { return reused }
        if let next, size <= left {
            self.next = next + size
            left -= size
            return next
        }
        let chunk = UnsafeMutablePointer<UInt64>.allocate(capacity: max(Self.chunkLength, size))
        chunk.initialize(repeating: 0, count: max(Self.chunkLength, size))
        chunks.append(chunk)
        next = chunk + size
        left = max(Self.chunkLength, size) - size
        return chunk
    }
}
