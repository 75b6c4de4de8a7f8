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
        let key: String
        var value: LogValue
        var ask: (@Sendable () -> LogValue)?
    }

    private(set) var before: [Pair] = []
    private(set) var after: [Pair] = []
    private var isAsking = false

    var isEmpty: Bool { before.isEmpty && after.isEmpty }

    mutating func add(_ pairs: [Pair], at position: LogContextPosition) {
        switch position {
        case .context: before += pairs
        case .prefix: before = pairs + before
        case .suffix: after += pairs
        }
        isAsking = isAsking || pairs.contains { $0.ask != nil }
    }

    /// The context with all values known.
    var asked: LogContext {
        guard isAsking else { return self }
        var context = self
        context.before = before.map(\.asked)
        context.after = after.map(\.asked)
        return context
    }
}

extension LogContext.Pair {
    fileprivate var asked: LogContext.Pair { ask.map { LogContext.Pair(key: key, value: $0()) } ?? self }
}

extension LogPairWriter {
    mutating func append(_ pairs: [LogContext.Pair]) {
        for pair in pairs { pair.key.withBytes { append(LogKey($0), pair.value) } }
    }
}
