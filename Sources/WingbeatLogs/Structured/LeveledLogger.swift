// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Logging

/// One level of a ``StructuredLogger``: call it like a function.
///
/// Swift cannot put off the evaluation of a parameter pack, so there is a function for each number of pairs up to
/// eight; what a whole part of the program logs belongs into a context (``StructuredLogger/with(_:at:)``).
public struct LeveledLogger {
    @usableFromInline let core: StructuredLogger.Core
    @usableFromInline let level: Logger.Level

    @inlinable
    @inline(__always)
    init(_ core: StructuredLogger.Core, _ level: Logger.Level) {
        self.core = core
        self.level = level
    }

    /// Whether lines of this level are written.
    @inlinable public var isEnabled: Bool {
        @inline(__always) get { core.isEnabled(level) }
    }

    /// - Parameter pairs: a tuple of so many pairs, which lie in memory like an array.
    @inlinable
    @inline(__always)
    func write<Pairs>(_ message: String, _ file: String, _ line: UInt, _ count: Int, _ pairs: Pairs) {
        withUnsafeBytes(of: pairs) { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: LogPair.self)
            core.log(level, message, UnsafeBufferPointer(start: start, count: count), file, line)
        }
    }

    /// Logs a message with no pairs.
    @inlinable
    @inline(__always)
    public func callAsFunction(
        _ message: @autoclosure () -> String,
        file: String = #fileID,
        line: UInt = #line
    ) {
        if isEnabled { write(message(), file, line, 0, ()) }
    }

    /// Logs a message with one pair.
    @inlinable
    @inline(__always)
    public func callAsFunction<A: LogValueConvertible>(
        _ message: @autoclosure () -> String,
        _ a: @autoclosure () -> (LogKey, A),
        file: String = #fileID,
        line: UInt = #line
    ) {
        if isEnabled { write(message(), file, line, 1, (LogPair(a()))) }
    }

    /// Logs a message with two pairs.
    @inlinable
    @inline(__always)
    public func callAsFunction<A: LogValueConvertible, B: LogValueConvertible>(
        _ message: @autoclosure () -> String,
        _ a: @autoclosure () -> (LogKey, A),
        _ b: @autoclosure () -> (LogKey, B),
        file: String = #fileID,
        line: UInt = #line
    ) {
        if isEnabled { write(message(), file, line, 2, (LogPair(a()), LogPair(b()))) }
    }

    /// Logs a message with three pairs.
    @inlinable
    @inline(__always)
    public func callAsFunction<A: LogValueConvertible, B: LogValueConvertible, C: LogValueConvertible>(
        _ message: @autoclosure () -> String,
        _ a: @autoclosure () -> (LogKey, A),
        _ b: @autoclosure () -> (LogKey, B),
        _ c: @autoclosure () -> (LogKey, C),
        file: String = #fileID,
        line: UInt = #line
    ) {
        if isEnabled { write(message(), file, line, 3, (LogPair(a()), LogPair(b()), LogPair(c()))) }
    }

    /// Logs a message with four pairs.
    @inlinable
    @inline(__always)
    public func callAsFunction<
        A: LogValueConvertible,
        B: LogValueConvertible,
        C: LogValueConvertible,
        D: LogValueConvertible
    >(
        _ message: @autoclosure () -> String,
        _ a: @autoclosure () -> (LogKey, A),
        _ b: @autoclosure () -> (LogKey, B),
        _ c: @autoclosure () -> (LogKey, C),
        _ d: @autoclosure () -> (LogKey, D),
        file: String = #fileID,
        line: UInt = #line
    ) {
        if isEnabled { write(message(), file, line, 4, (LogPair(a()), LogPair(b()), LogPair(c()), LogPair(d()))) }
    }

    /// Logs a message with five pairs.
    @inlinable
    @inline(__always)
    public func callAsFunction<
        A: LogValueConvertible,
        B: LogValueConvertible,
        C: LogValueConvertible,
        D: LogValueConvertible,
        E: LogValueConvertible
    >(
        _ message: @autoclosure () -> String,
        _ a: @autoclosure () -> (LogKey, A),
        _ b: @autoclosure () -> (LogKey, B),
        _ c: @autoclosure () -> (LogKey, C),
        _ d: @autoclosure () -> (LogKey, D),
        _ e: @autoclosure () -> (LogKey, E),
        file: String = #fileID,
        line: UInt = #line
    ) {
        if isEnabled {
            write(message(), file, line, 5, (LogPair(a()), LogPair(b()), LogPair(c()), LogPair(d()), LogPair(e())))
        }
    }

    /// Logs a message with six pairs.
    @inlinable
    @inline(__always)
    public func callAsFunction<
        A: LogValueConvertible,
        B: LogValueConvertible,
        C: LogValueConvertible,
        D: LogValueConvertible,
        E: LogValueConvertible,
        F: LogValueConvertible
    >(
        _ message: @autoclosure () -> String,
        _ a: @autoclosure () -> (LogKey, A),
        _ b: @autoclosure () -> (LogKey, B),
        _ c: @autoclosure () -> (LogKey, C),
        _ d: @autoclosure () -> (LogKey, D),
        _ e: @autoclosure () -> (LogKey, E),
        _ f: @autoclosure () -> (LogKey, F),
        file: String = #fileID,
        line: UInt = #line
    ) {
        if isEnabled {
            write(
                message(),
                file,
                line,
                6,
                (LogPair(a()), LogPair(b()), LogPair(c()), LogPair(d()), LogPair(e()), LogPair(f()))
            )
        }
    }

    /// Logs a message with seven pairs.
    @inlinable
    @inline(__always)
    public func callAsFunction<
        A: LogValueConvertible,
        B: LogValueConvertible,
        C: LogValueConvertible,
        D: LogValueConvertible,
        E: LogValueConvertible,
        F: LogValueConvertible,
        G: LogValueConvertible
    >(
        _ message: @autoclosure () -> String,
        _ a: @autoclosure () -> (LogKey, A),
        _ b: @autoclosure () -> (LogKey, B),
        _ c: @autoclosure () -> (LogKey, C),
        _ d: @autoclosure () -> (LogKey, D),
        _ e: @autoclosure () -> (LogKey, E),
        _ f: @autoclosure () -> (LogKey, F),
        _ g: @autoclosure () -> (LogKey, G),
        file: String = #fileID,
        line: UInt = #line
    ) {
        if isEnabled {
            write(
                message(),
                file,
                line,
                7,
                (LogPair(a()), LogPair(b()), LogPair(c()), LogPair(d()), LogPair(e()), LogPair(f()), LogPair(g()))
            )
        }
    }

    /// Logs a message with eight pairs.
    @inlinable
    @inline(__always)
    public func callAsFunction<
        A: LogValueConvertible,
        B: LogValueConvertible,
        C: LogValueConvertible,
        D: LogValueConvertible,
        E: LogValueConvertible,
        F: LogValueConvertible,
        G: LogValueConvertible,
        H: LogValueConvertible
    >(
        _ message: @autoclosure () -> String,
        _ a: @autoclosure () -> (LogKey, A),
        _ b: @autoclosure () -> (LogKey, B),
        _ c: @autoclosure () -> (LogKey, C),
        _ d: @autoclosure () -> (LogKey, D),
        _ e: @autoclosure () -> (LogKey, E),
        _ f: @autoclosure () -> (LogKey, F),
        _ g: @autoclosure () -> (LogKey, G),
        _ h: @autoclosure () -> (LogKey, H),
        file: String = #fileID,
        line: UInt = #line
    ) {
        if isEnabled {
            write(
                message(),
                file,
                line,
                8,
                (
                    LogPair(a()), LogPair(b()), LogPair(c()), LogPair(d()), LogPair(e()), LogPair(f()), LogPair(g()),
                    LogPair(h())
                )
            )
        }
    }
}
