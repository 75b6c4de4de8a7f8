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

    /// Logs a message with pairs of which neither number nor names are known in advance.
    @inlinable
    public func callAsFunction(
        _ message: @autoclosure () -> String,
        pairs: @autoclosure () -> [(key: String, value: LogValue)],
        file: String = #fileID,
        line: UInt = #line
    ) {
        guard isEnabled else { return }
        let pairs = pairs()
        core.log(level, message(), file, line) { $0.append(pairs) }
    }

    /// Logs a message with no pairs.
    @inlinable
    @inline(__always)
    public func callAsFunction(
        _ message: @autoclosure () -> String,
        file: String = #fileID,
        line: UInt = #line
    ) {
        guard isEnabled else { return }
        core.log(level, message(), file, line) { _ in }
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
        guard isEnabled else { return }
        let a = a()
        core.log(level, message(), file, line) {
            a.1.write(a.0, to: &$0)
        }
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
        guard isEnabled else { return }
        let (a, b) = (a(), b())
        core.log(level, message(), file, line) {
            a.1.write(a.0, to: &$0)
            b.1.write(b.0, to: &$0)
        }
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
        guard isEnabled else { return }
        let (a, b, c) = (a(), b(), c())
        core.log(level, message(), file, line) {
            a.1.write(a.0, to: &$0)
            b.1.write(b.0, to: &$0)
            c.1.write(c.0, to: &$0)
        }
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
        guard isEnabled else { return }
        let (a, b, c, d) = (a(), b(), c(), d())
        core.log(level, message(), file, line) {
            a.1.write(a.0, to: &$0)
            b.1.write(b.0, to: &$0)
            c.1.write(c.0, to: &$0)
            d.1.write(d.0, to: &$0)
        }
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
        guard isEnabled else { return }
        let (a, b, c, d, e) = (a(), b(), c(), d(), e())
        core.log(level, message(), file, line) {
            a.1.write(a.0, to: &$0)
            b.1.write(b.0, to: &$0)
            c.1.write(c.0, to: &$0)
            d.1.write(d.0, to: &$0)
            e.1.write(e.0, to: &$0)
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
        guard isEnabled else { return }
        let (a, b, c, d, e, f) = (a(), b(), c(), d(), e(), f())
        core.log(level, message(), file, line) {
            a.1.write(a.0, to: &$0)
            b.1.write(b.0, to: &$0)
            c.1.write(c.0, to: &$0)
            d.1.write(d.0, to: &$0)
            e.1.write(e.0, to: &$0)
            f.1.write(f.0, to: &$0)
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
        guard isEnabled else { return }
        let (a, b, c, d, e, f, g) = (a(), b(), c(), d(), e(), f(), g())
        core.log(level, message(), file, line) {
            a.1.write(a.0, to: &$0)
            b.1.write(b.0, to: &$0)
            c.1.write(c.0, to: &$0)
            d.1.write(d.0, to: &$0)
            e.1.write(e.0, to: &$0)
            f.1.write(f.0, to: &$0)
            g.1.write(g.0, to: &$0)
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
        guard isEnabled else { return }
        let (a, b, c, d, e, f, g, h) = (a(), b(), c(), d(), e(), f(), g(), h())
        core.log(level, message(), file, line) {
            a.1.write(a.0, to: &$0)
            b.1.write(b.0, to: &$0)
            c.1.write(c.0, to: &$0)
            d.1.write(d.0, to: &$0)
            e.1.write(e.0, to: &$0)
            f.1.write(f.0, to: &$0)
            g.1.write(g.0, to: &$0)
            h.1.write(h.0, to: &$0)
        }
    }
}
