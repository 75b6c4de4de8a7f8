// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import DequeModule
public import Synchronization

/// A queue between the threads that record and the task that delivers, with room for a number of elements and of bytes.
///
/// When it is full the newest element is dropped: what came first explains how the trouble began, and nothing has to
/// be moved. It keeps the books of what passes through, under the one lock that an offer takes.
public final class BoundedQueue<Element: Sendable>: Sendable {
    /// How many elements fit.
    public let capacity: Int
    /// How many bytes of elements fit; one element fits always.
    public let byteCapacity: Int
    @usableFromInline let state = Mutex(State())

    @usableFromInline
    struct State: Sendable {
        @usableFromInline var entries: Deque<Entry> = []
        @usableFromInline var bytes = 0
        @usableFromInline var counts = DeliveryCounts()
        @usableFromInline var isClosed = false

        @inlinable
        init() {}
    }

    @usableFromInline
    struct Entry: Sendable {
        @usableFromInline let element: Element
        @usableFromInline let size: Int

        @inlinable
        init(_ element: Element, _ size: Int) {
            self.element = element
            self.size = size
        }
    }

    /// - Parameters:
    ///   - capacity: how many elements fit, at least one.
    ///   - byteCapacity: how many bytes of elements fit.
    public init(capacity: Int, byteCapacity: Int = .max) {
        self.capacity = max(capacity, 1)
        self.byteCapacity = max(byteCapacity, 0)
    }

    /// How many elements wait.
    public var count: Int { state.withLock { $0.entries.count } }

    /// How many bytes the waiting elements take, as it was said when they were offered.
    public var bytes: Int { state.withLock { $0.bytes } }

    /// What became of all elements so far.
    public var counts: DeliveryCounts {
        state.withLock { state in
            var counts = state.counts
            counts.waiting = state.entries.count
            return counts
        }
    }

    /// Adds an element.
    ///
    /// - Parameters:
    ///   - element: what is to wait.
    ///   - size: its bytes; less than none counts as none.
    /// - Returns: how many elements wait now; nil when the queue was full and the element is dropped.
    @inlinable
    public func offer(_ element: Element, size: Int = 0) -> Int? {
        let size = max(size, 0)
        return state.withLock { state in
            state.counts.recorded &+= 1
            guard state.entries.isEmpty || (state.entries.count < capacity && size <= byteCapacity &- state.bytes)
            else {
                state.counts.queueFull &+= 1
                return nil
            }
            state.bytes &+= size
            state.entries.append(Entry(element, size))
            return state.entries.count
        }
    }

    /// Takes the oldest elements out; in the books they are under way then.
    public func take(atMost limit: Int) -> [Element] {
        state.withLock { state in
            let taken = state.removeFirst(limit)
            state.counts.underWay += taken.count
            return taken
        }
    }
}

extension BoundedQueue.State {
    mutating func removeFirst(_ limit: Int) -> [Element] {
        let taken = entries.prefix(max(limit, 0)).map(\.element)
        for entry in entries.prefix(taken.count) { bytes &-= entry.size }
        entries.removeFirst(taken.count)
        return taken
    }
}

extension BoundedQueue {
    /// Closes the books of elements that were taken out.
    func settle(_ count: Int, _ outcome: Outcome) {
        guard count > 0 else { return }
        state.withLock { $0.counts.settle(count, outcome) }
    }

    /// Opens the books of elements that an earlier process left behind.
    func recover(_ count: Int, damages: Int) {
        state.withLock { state in
            state.counts.recovered += count
            state.counts.underWay += count
            state.counts.damages += damages
        }
    }

    /// Takes out what waits, as if it had never been offered: it goes another way.
    func withdraw() -> [Element] {
        state.withLock { state in
            let taken = state.removeFirst(.max)
            state.counts.recorded -= taken.count
            return taken
        }
    }

    /// Drops what waits and what is under way.
    ///
    /// - Parameter kept: how many elements are safe, in the spool.
    /// - Returns: how many are lost.
    func abandon(keeping kept: Int) -> Int {
        state.withLock { state in
            let waiting = state.removeFirst(.max).count
            state.counts.underWay += waiting
            let lost = max(state.counts.underWay - kept, 0)
            state.counts.settle(lost, .shutdown)
            return lost
        }
    }

    /// Drops everything, for nobody will send it, and ends the books.
    func close() {
        _ = abandon(keeping: 0)
        state.withLock { $0.isClosed = true }
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }
}
