// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Cuts traces into blocks.
enum BlockCutter {
    /// How many spans a block has, more or less: a trace is not cut unless it is larger than two blocks.
    static let spansPerBlock = 2048
    /// The most bytes of a block; SQLite takes at most a thousand million.
    static let maximumBytes = 256 << 20

    /// - Parameter traces: the pieces of each.
    static func cut(_ traces: some Sequence<[ArraySlice<SpanRecord>]>, notice: Notice) -> [SpanBlock.Packed] {
        var blocks: [SpanBlock.Packed] = []
        var spans: [SpanRecord] = []
        spans.reserveCapacity(2 * spansPerBlock)
        func flush(atLeast count: Int) {
            guard spans.count >= count else { return }
            pack(spans[...], into: &blocks, notice)
            spans.removeAll(keepingCapacity: true)
        }
        for trace in traces {
            for piece in trace {
                var rest = piece
                while !rest.isEmpty {
                    let part = rest.prefix(max(1, 3 * spansPerBlock - spans.count))
                    rest = rest.dropFirst(part.count)
                    spans += part
                    flush(atLeast: 3 * spansPerBlock)
                }
            }
            flush(atLeast: spansPerBlock)
        }
        flush(atLeast: 1)
        return blocks
    }

    /// A block that is too large is cut in halves.
    private static func pack(_ spans: ArraySlice<SpanRecord>, into blocks: inout [SpanBlock.Packed], _ notice: Notice) {
        let block = SpanBlock.pack(Array(spans))
        if block.bytes.count <= maximumBytes {
            blocks.append(block)
        } else if spans.count > 1 {
            pack(spans.prefix(spans.count / 2), into: &blocks, notice)
            pack(spans.dropFirst(spans.count / 2), into: &blocks, notice)
        } else {
            notice("a span of \(block.bytes.count) bytes is lost: it is too large to be sealed")
        }
    }
}
