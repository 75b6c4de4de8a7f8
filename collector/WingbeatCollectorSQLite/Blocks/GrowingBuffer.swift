// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Plain values one behind the other, in memory of its own.
///
/// An array would count references at each look into it, which costs more than what is looked for.
struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
    private(set) var count = 0
    private var capacity: Int
    private(set) var start: UnsafeMutablePointer<Element>

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        start = .allocate(capacity: self.capacity)
    }

    deinit {
        start.deallocate()
    }

    /// A value; its place must be one of the first ``count``.
    subscript(_ place: Int) -> Element {
        @inline(__always) get { start[place] }
    }

    mutating func append(_ element: Element) {
        if count == capacity { grow(to: count + 1) }
        start[count] = element
        count += 1
    }

    mutating func append(_ elements: UnsafeBufferPointer<Element>) {
        guard let first = elements.baseAddress else { return }
        if elements.count > capacity - count { grow(to: count + elements.count) }
        (start + count).update(from: first, count: elements.count)
        count += elements.count
    }

    private mutating func grow(to needed: Int) {
        capacity = max(capacity * 2, needed)
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
    }
}
