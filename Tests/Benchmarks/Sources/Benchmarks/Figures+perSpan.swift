// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension Figures {
    /// The figures of one span, from an operation on the post with an index, each of so many spans.
    static func perSpan(of spans: Int, _ post: (Int) -> Void) -> Figures {
        let figures = Figures.steady { count in for index in 0..<count { post(index) } }
        let spans = Double(spans)
        let perSecond = 1e9 * spans / figures.nanoseconds
        return Figures(
            nanoseconds: figures.nanoseconds / spans,
            allocations: figures.allocations.map { $0 / spans },
            remark: "\(rounded(perSecond / 1e6, digits: 2)) M spans/s"
        )
    }
}
