// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// What the values of a column are, and how they are written.
///
/// A span's parts that repeat (names, attributes, resources ...) are values of columns. A column belongs to a service and
/// holds each of its values once; a span says which one it has by number.
enum ColumnRole: UInt8 {
    /// The span's name: its bytes.
    case name = 0
    /// An attribute that is a text: its bytes.
    case text = 1
    /// An attribute that is a whole number: zigzag, as many bytes as it needs, the lowest first.
    case int = 2
    /// Any other attribute: as `[UInt8].append(packed:)` writes it.
    case value = 3
    /// An event without its moment.
    case event = 4
    /// All links of a span.
    case links = 5
    case localEndpoint = 6
    case remoteEndpoint = 7
    case resource = 8
    case scope = 9
    /// The description of an error: its bytes.
    case message = 10
    /// W3C `tracestate`: its bytes.
    case traceState = 11
    /// Flags, and what was dropped.
    case details = 12

    /// How many roles there are.
    static let count = 13

    /// True where the column has a key.
    var isAttribute: Bool { self == .text || self == .int || self == .value }
}

/// What the spans of a shape have in common: all but ids, times and the values of their columns.
struct ShapeBits: OptionSet {
    let rawValue: UInt8

    /// The lowest three bits are the kind: zero, or ``SpanRecord/Kind``'s number.
    static let kind: UInt8 = 7
    static let isShared = ShapeBits(rawValue: 1 << 3)
    static let isDebug = ShapeBits(rawValue: 1 << 4)
    static let isOK = ShapeBits(rawValue: 1 << 5)
    static let isError = ShapeBits(rawValue: 1 << 6)
    /// All times are whole microseconds, and written as such.
    static let isMicroseconds = ShapeBits(rawValue: 1 << 7)
}

extension ShapeBits {
    /// What is known of a span whose times are written after a base (nanoseconds; whole microseconds).
    init(of span: borrowing SpanRecord, base: UInt64) {
        self.init(rawValue: span.kind?.rawValue ?? 0)
        if span.isShared { insert(.isShared) }
        if span.isDebug { insert(.isDebug) }
        switch span.status {
        case .unset: break
        case .ok: insert(.isOK)
        case .error: insert(.isError)
        }
        if span.hasWholeMicroseconds(after: base) { insert(.isMicroseconds) }
    }

    /// The nanoseconds of one step of its times.
    var unit: Int64 { contains(.isMicroseconds) ? 1000 : 1 }
}

extension SpanRecord {
    /// After which moment the moments of events are written.
    borrowing func eventBase(_ base: UInt64) -> UInt64 { startNanoseconds == 0 ? base : startNanoseconds }

    fileprivate borrowing func hasWholeMicroseconds(after base: UInt64) -> Bool {
        guard startNanoseconds.distance(after: base) % 1000 == 0, durationNanoseconds % 1000 == 0 else { return false }
        let base = eventBase(base)
        return events.allSatisfy { $0.nanoseconds.distance(after: base) % 1000 == 0 }
    }
}

extension UInt64 {
    /// How far it lies behind a moment; ``moved(by:)`` undoes it, whatever the numbers.
    func distance(after base: UInt64) -> Int64 { Int64(bitPattern: self &- base) }

    /// The moment so far behind this one.
    func moved(by distance: Int64) -> UInt64 { self &+ UInt64(bitPattern: distance) }

    /// Calls the body with the bytes that the number needs, the lowest first.
    func withShortBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let width = (UInt64.bitWidth - leadingZeroBitCount + 7) / 8
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 8) { bytes in
            for index in 0..<8 {
                bytes.initializeElement(at: index, to: UInt8(truncatingIfNeeded: self >> (8 * UInt64(index))))
            }
            return body(UnsafeBufferPointer(rebasing: bytes[..<width]))
        }
    }
}
