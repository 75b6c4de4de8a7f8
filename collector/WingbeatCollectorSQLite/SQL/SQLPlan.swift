// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CSQLite
import WingbeatModel

/// What SQLite's planner and its virtual machine agree on: which constraints of a statement bound a scan.
///
/// The planner packs the constraints that are of use into a number, four bits each, and the machine gives their values in
/// the same order. SQLite tests every row all the same, so a bound may be wider than the constraint.
enum SQLPlan {
    private enum Bound: UInt32 {
        case trace = 1
        case service = 2
        case startEqual = 3
        case startAfter = 4
        case startBefore = 5
    }

    /// Chooses the constraints, for `xBestIndex`.
    static func choose(_ info: UnsafeMutablePointer<sqlite3_index_info>) {
        var plan: UInt32 = 0
        var count: Int32 = 0
        var rows = 1e8
        for index in 0..<Int(info.pointee.nConstraint) where count < 8 {
            guard let bound = bound(info, index) else { continue }
            plan |= bound.rawValue << UInt32(4 * count)
            count += 1
            info.pointee.aConstraintUsage[index].argvIndex = count
            rows /= weight(bound)
        }
        info.pointee.idxNum = Int32(bitPattern: plan)
        info.pointee.estimatedCost = rows
        info.pointee.estimatedRows = Int64(max(rows, 1))
    }

    private static func weight(_ bound: Bound) -> Double {
        switch bound {
        case .trace: 1e7
        case .service: 5
        case .startEqual: 1e4
        case .startAfter, .startBefore: 3
        }
    }

    private static func bound(_ info: UnsafeMutablePointer<sqlite3_index_info>, _ index: Int) -> Bound? {
        let constraint = info.pointee.aConstraint[index]
        guard constraint.usable != 0 else { return nil }
        switch (SQLTable.Common(rawValue: Int(constraint.iColumn)), Int32(constraint.op)) {
        case (.traceID, SQLITE_INDEX_CONSTRAINT_EQ): return isBinary(info, index) ? .trace : nil
        case (.service, SQLITE_INDEX_CONSTRAINT_EQ): return isBinary(info, index) ? .service : nil
        case (.start, SQLITE_INDEX_CONSTRAINT_EQ): return .startEqual
        case (.start, SQLITE_INDEX_CONSTRAINT_GT), (.start, SQLITE_INDEX_CONSTRAINT_GE): return .startAfter
        case (.start, SQLITE_INDEX_CONSTRAINT_LT), (.start, SQLITE_INDEX_CONSTRAINT_LE): return .startBefore
        default: return nil
        }
    }

    /// False where texts that differ may be equal.
    private static func isBinary(_ info: UnsafeMutablePointer<sqlite3_index_info>, _ index: Int) -> Bool {
        sqlite3_vtab_collation(info, Int32(index)).map { String(cString: $0) == "BINARY" } ?? false
    }

    /// What the constraints mean, for `xFilter`.
    static func bounds(_ plan: Int32, _ values: [OpaquePointer?]) -> SpanBounds {
        var bounds = SpanBounds()
        for (index, value) in values.enumerated() where index < 8 {
            guard let bound = Bound(rawValue: UInt32(bitPattern: plan) >> UInt32(4 * index) & 0xF) else { continue }
            guard sqlite3_value_type(value) != SQLITE_NULL else {
                bounds.isEmpty = true  // nothing is equal to, before or after NULL
                continue
            }
            narrow(&bounds, bound, value)
        }
        return bounds
    }

    private static func narrow(_ bounds: inout SpanBounds, _ bound: Bound, _ value: OpaquePointer?) {
        switch bound {
        case .trace:
            guard let id = TraceID(hex: text(value)) else { return bounds.isEmpty = true }
            if let known = bounds.trace, known != id { bounds.isEmpty = true }
            bounds.trace = id
        case .service: bounds.service = text(value).lowercased()
        case .startEqual, .startAfter, .startBefore:
            guard let moment = microseconds(value) else { return }
            let lower = bound == .startBefore ? 0 : moment
            let upper = bound == .startAfter ? Int64.max : moment
            narrow(&bounds, lower, upper)
        }
    }

    private static func narrow(_ bounds: inout SpanBounds, _ lower: Int64, _ upper: Int64) {
        let lower = max(lower, bounds.starts?.lowerBound ?? 0)
        let upper = min(upper, bounds.starts?.upperBound ?? .max)
        guard lower <= upper else { return bounds.isEmpty = true }
        bounds.starts = lower...upper
    }

    /// The microseconds of a moment in nanoseconds; nil where it is no number.
    private static func microseconds(_ value: OpaquePointer?) -> Int64? {
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: return max(sqlite3_value_int64(value), 0) / 1000
        case SQLITE_FLOAT:
            let micros = (sqlite3_value_double(value) / 1000).rounded(.down)
            return micros < 0 ? 0 : Int64(exactly: micros) ?? .max
        default: return nil
        }
    }

    private static func text(_ value: OpaquePointer?) -> String {
        guard let bytes = sqlite3_value_text(value) else { return "" }
        let count = Int(sqlite3_value_bytes(value))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}
