// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CMalloc

/// What is known of the process' memory, under the names of Go's `runtime.MemStats` that mean the same, in bytes.
///
/// There is nothing for what C's allocator does not count, such as `Mallocs`, `TotalAlloc` and `NumGC`.
public struct MemoryStatistics: Sendable {
    /// `HeapAlloc`, also as `Alloc` and `HeapInuse`: what the program has allocated and not given back.
    public let heapAlloc: UInt64
    /// `HeapSys`, also as `Sys`: what the allocator has from the system.
    public let heapSys: UInt64
    /// `HeapIdle`: what the allocator has and the program does not use.
    public let heapIdle: UInt64

    /// Numbers in bytes.
    public init(heapAlloc: UInt64, heapSys: UInt64, heapIdle: UInt64) {
        self.heapAlloc = heapAlloc
        self.heapSys = heapSys
        self.heapIdle = heapIdle
    }

    /// Asks the allocator.
    ///
    /// - Returns: nil where it does not tell: glibc does, since version 2.33.
    public static func read() -> MemoryStatistics? {
        var heap = wingbeat_heap()
        guard wingbeat_read_heap(&heap) else { return nil }
        return MemoryStatistics(
            heapAlloc: UInt64(heap.allocated),
            heapSys: UInt64(heap.reserved),
            heapIdle: UInt64(heap.idle)
        )
    }

    /// By Go's names, in their order.
    var byName: [(name: String, bytes: UInt64)] {
        [
            ("Alloc", heapAlloc), ("HeapAlloc", heapAlloc), ("HeapIdle", heapIdle), ("HeapInuse", heapAlloc),
            ("HeapSys", heapSys), ("Sys", heapSys),
        ]
    }
}
