// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// How many things are read from one input at most: spans, attributes, events, links and values together.
///
/// Each costs a few bytes of input and up to some hundred of memory, so that the length of an input alone bounds little.
struct DecodingBudget {
    /// For formats whose readers count the things themselves.
    static let things = 1_000_000
    /// For JSON, where members of objects and elements of arrays are counted: about twice as many.
    static let jsonMembers = 2_000_000

    private let limit: Int
    private var used = 0

    init(_ limit: Int = things) {
        self.limit = limit
    }

    /// Counts what is to be read next.
    ///
    /// - Throws: when it would be too much.
    @inline(__always)
    mutating func take(_ count: Int = 1) throws(SpanDecodingError) {
        used &+= count
        guard used <= limit else { throw exhausted }
    }

    @inline(never)
    private var exhausted: SpanDecodingError {
        SpanDecodingError(
            "more than \(limit) spans, attributes, events, links and values at once; send them in several posts",
            isTooLarge: true
        )
    }
}
