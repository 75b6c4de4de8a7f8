// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Where the pairs of a context stand in a line. The names and the order are Go kit's.
public enum LogContextPosition: Hashable, Sendable {
    /// After the pairs of the context so far.
    case context
    /// Before all pairs.
    case prefix
    /// After the pairs of the line itself and of earlier suffixes.
    case suffix
}

/// The pairs that a logger adds to each of its lines.
struct LogContext: Sendable {
    /// A pair whose value is known, or asked for at each line.
    struct Pair: Sendable {
        enum Value: Sendable {
            case known(LogValue)
            case asked(@Sendable () -> LogValue)
        }

        let key: LogKey
        let value: Value
    }

    private(set) var before: [Pair] = []
    private(set) var after: [Pair] = []

    var count: Int { before.count + after.count }

    mutating func add(_ pairs: [Pair], at position: LogContextPosition) {
        switch position {
        case .context: before += pairs
        case .prefix: before = pairs + before
        case .suffix: after += pairs
        }
    }
}

extension PairList {
    mutating func append(_ pairs: [LogContext.Pair]) {
        for pair in pairs {
            switch pair.value {
            case .known(let value): append(pair.key, value)
            case .asked(let ask): append(pair.key, ask())
            }
        }
    }
}
