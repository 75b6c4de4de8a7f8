// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import DequeModule
import Synchronization

/// A queue between the threads that record and the task that delivers, with room for a fixed number of elements.
///
/// When it is full the newest element is dropped: what came first explains how the trouble began, and nothing has to
/// be moved.
public final class BoundedQueue<Element: Sendable>: Sendable {
    /// How many elements fit.
    public let capacity: Int
    private let elements = Mutex<Deque<Element>>([])

    /// - Parameter capacity: at least one.
    public init(capacity: Int) {
        self.capacity = max(capacity, 1)
    }

    /// How many elements wait.
    public var count: Int { elements.withLock { $0.count } }

    /// Adds an element.
    ///
    /// - Parameters:
    ///   - element: what is to wait.
    ///   - willWait: called when there is room, before anyone can take the element out.
    /// - Returns: how many elements wait now; nil when the queue was full and the element is dropped.
    public func offer(_ element: Element, willWait: () -> Void = {}) -> Int? {
        elements.withLock { elements in
            guard elements.count < capacity else { return nil }
            willWait()
            elements.append(element)
            return elements.count
        }
    }

    /// Takes the oldest elements out.
    public func take(atMost limit: Int) -> [Element] {
        elements.withLock { elements in
            let taken = Array(elements.prefix(limit))
            elements.removeFirst(taken.count)
            return taken
        }
    }
}
