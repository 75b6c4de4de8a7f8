// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging

extension Logger.Level {
    /// The name as swift-log spells it.
    @inline(__always)
    var literal: StaticString {
        switch self {
        case .trace: "trace"
        case .debug: "debug"
        case .info: "info"
        case .notice: "notice"
        case .warning: "warning"
        case .error: "error"
        case .critical: "critical"
        }
    }

    /// The order of the levels as a number that costs no call to compare: zero for trace.
    @usableFromInline
    var rank: UInt8 {
        @inlinable @inline(__always) get {
            switch self {
            case .trace: 0
            case .debug: 1
            case .info: 2
            case .notice: 3
            case .warning: 4
            case .error: 5
            case .critical: 6
            }
        }
    }

    /// Nil beyond ``Logging/Logger/Level/critical``.
    init?(rank: UInt8) {
        guard let level = Self.allCases.first(where: { $0.rank == rank }) else { return nil }
        self = level
    }
}
