// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes lines for people: `03:04:05.123 INFO  checkout: order placed            id=42 total=12.5`.
///
/// Times are in UTC. Levels have colours where lines go to a terminal and nobody objects. Control characters of the
/// message and of values are written as escapes (`\n`, `\u001b`), so that nothing that is logged speaks to the
/// terminal; values are quoted as in logfmt.
public struct ConsoleEncoder: LogEncoder {
    /// Whether there are colours.
    public enum Colors: Hashable, Sendable {
        /// When the stream with this file descriptor is a terminal that is not `dumb`, and the environment variable
        /// `NO_COLOR` is not set or empty (no-color.org). Asked when the encoder is made.
        case onTerminal(descriptor: Int32)
        /// Always.
        case always
        /// Never.
        case never
    }

    private let isColored: Bool

    /// An encoder for lines that go to standard error, or somewhere else.
    public init(colors: Colors = .onTerminal(descriptor: 2)) {
        switch colors {
        case .always: isColored = true
        case .never: isColored = false
        case .onTerminal(let descriptor):
            let isUnwanted = environment("NO_COLOR") != nil || environment("TERM") == "dumb"
            isColored = isatty(descriptor) == 1 && !isUnwanted
        }
    }

    /// Appends `03:04:05.123 INFO  checkout: order placed`, and the ids of the span.
    public func begin(_ record: borrowing LogRecord, in line: inout LogLine) {
        style(.faint, in: &line)
        line.append(timeOfDay: record.nanoseconds, .milliseconds)
        line.append(UInt8(ascii: " "))
        style(.level(record.level), in: &line)
        line.append(record.level.shortName)
        style(.plain, in: &line)
        line.append(UInt8(ascii: " "))
        if !record.label.isEmpty {
            line.append(shown: record.label)
            line.append(": ")
        }
        append(record.message, in: &line)
        if let span = record.span { append(span, in: &line) }
    }

    /// Appends ` id=42`.
    public func append(_ key: LogKey, _ value: consuming LogValue, to line: inout LogLine) {
        LogfmtEncoder(fields: .fewest).append(key, value, to: &line)
    }

    /// Appends a newline.
    public func end(_ line: inout LogLine) {
        line.append(UInt8(ascii: "\n"))
    }

    /// The message, filled up so that the pairs of most lines stand below each other.
    private func append(_ message: String, in line: inout LogLine) {
        line.append(shown: message)
        for _ in 0..<max(messageWidth - message.unicodeScalars.count, 0) { line.append(UInt8(ascii: " ")) }
    }

    private func append(_ span: LogSpan, in line: inout LogLine) {
        line.hasSpan = true
        style(.faint, in: &line)
        line.append(" trace_id=")
        line.append(span.traceID)
        line.append(" span_id=")
        line.append(hex: span.spanID.value)
        style(.plain, in: &line)
    }

    private func style(_ style: Style, in line: inout LogLine) {
        if isColored { line.append(style.sequence) }
    }
}

/// Where the pairs begin, in characters after the beginning of the message.
private let messageWidth = 32

/// Source of the sequences: ECMA-48, "Select Graphic Rendition".
private enum Style {
    case plain, faint
    case level(Logger.Level)

    var sequence: StaticString {
        switch self {
        case .plain: "\u{1B}[0m"
        case .faint: "\u{1B}[0;2m"
        case .level(.trace), .level(.debug): "\u{1B}[0;36m"
        case .level(.info), .level(.notice): "\u{1B}[0;32m"
        case .level(.warning): "\u{1B}[0;33m"
        case .level(.error): "\u{1B}[0;31m"
        case .level(.critical): "\u{1B}[0;1;31m"
        }
    }
}

extension Logger.Level {
    /// Five characters.
    fileprivate var shortName: StaticString {
        switch self {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info: "INFO "
        case .notice: "NOTE "
        case .warning: "WARN "
        case .error: "ERROR"
        case .critical: "CRIT "
        }
    }
}

/// Nil when it is not set or empty.
private func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
}
