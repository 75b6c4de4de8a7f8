// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// What is odd about a trace, in sentences for people.
enum TraceProblems {
    /// - Parameters:
    ///   - spans: all of the trace, fragments put together.
    ///   - dropped: how many were not stored at least.
    ///   - leftOut: how many an answer has no room for.
    static func of(_ spans: [SpanRecord], dropped: Int, leftOut: Int) -> [String] {
        let ids = Set(spans.lazy.map(\.id))
        let orphans = spans.count { $0.parentID.map { !ids.contains($0) } ?? false }
        let roots = spans.count { $0.parentID == nil && !$0.isShared }
        let untimed = spans.count { $0.startNanoseconds == 0 }
        let moved = spans.count { $0[attribute: SkewAdjustment.key] != nil }
        var problems: [String] = []
        if roots == 0 { problems.append("the trace has no root: the span that began it is missing") }
        if roots > 1 { problems.append("the trace has \(roots) roots") }
        if orphans > 0 { problems.append("\(naming(orphans)) parent that is missing") }
        if untimed > 0 { problems.append("\(having(untimed)) no start") }
        if moved > 0 { problems.append("\(moved == 1 ? "1 span was" : "\(moved) spans were") moved: clocks disagree") }
        if dropped > 0 { problems.append("at least \(dropped) more were not stored: the trace has too many spans") }
        if leftOut > 0 { problems.append("\(leftOut) more are left out here: an answer may hold no more spans") }
        return problems
    }

    private static func naming(_ count: Int) -> String { count == 1 ? "1 span names a" : "\(count) spans name a" }
    private static func having(_ count: Int) -> String { count == 1 ? "1 span has" : "\(count) spans have" }
}
