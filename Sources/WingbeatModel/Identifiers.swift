// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Identifies one trace: 128 bits, of which the high half is zero in traces of 64-bit systems.
///
/// Never all zeros: W3C Trace Context and Zipkin both call that invalid.
public struct TraceID: Hashable, Sendable {
    /// The left sixteen hexadecimal digits; zero in a 64-bit trace id.
    public let high: UInt64
    /// The right sixteen hexadecimal digits, by which Zipkin groups and samples.
    public let low: UInt64

    /// Nil when all bits are zero.
    @inlinable
    public init?(high: UInt64, low: UInt64) {
        guard high | low != 0 else { return nil }
        self.high = high
        self.low = low
    }

    private init(unchecked low: UInt64) {
        high = 0
        self.low = low
    }

    /// An id of random numbers that are not zero.
    @inlinable
    package init(random high: UInt64, _ low: UInt64) {
        self.high = high
        self.low = low | (high | low == 0 ? 1 : 0)
    }

    /// The smallest id: stands in for one that a decoder has not read yet.
    package static let smallest = TraceID(unchecked: 1)

    /// Reads 1 to 32 hexadecimal digits of either case; nil for anything else and for all zeros.
    @inlinable
    public init?(hex: some StringProtocol) {
        let digits = hex.utf8
        let split = max(digits.count - 16, 0)
        guard digits.count <= 32, let low = UInt64(hexDigits: digits.dropFirst(split)) else { return nil }
        guard let high = split == 0 ? 0 : UInt64(hexDigits: digits.prefix(split)) else { return nil }
        self.init(high: high, low: low)
    }

    /// Sixteen lower-case digits when the high half is zero, else thirty-two: Zipkin's normal form.
    public var hex: String { high == 0 ? low.sixteenHexDigits : hex32 }

    /// Always thirty-two lower-case digits: the form of W3C Trace Context and OpenTelemetry.
    public var hex32: String { high.sixteenHexDigits + low.sixteenHexDigits }
}

/// Identifies one span inside its trace: 64 bits, never all zeros.
public struct SpanID: Hashable, Sendable {
    /// The id as a number; not zero.
    public let value: UInt64

    /// Nil when the value is zero.
    @inlinable
    public init?(_ value: UInt64) {
        guard value != 0 else { return nil }
        self.value = value
    }

    private init(unchecked value: UInt64) {
        self.value = value
    }

    /// An id of a random number that is not zero.
    @inlinable
    package init(random value: UInt64) {
        self.value = value | (value == 0 ? 1 : 0)
    }

    /// The smallest id: stands in for one that a decoder has not read yet.
    package static let smallest = SpanID(unchecked: 1)

    /// Reads 1 to 16 hexadecimal digits of either case; nil for anything else and for all zeros.
    @inlinable
    public init?(hex: some StringProtocol) {
        guard let value = UInt64(hexDigits: hex.utf8) else { return nil }
        self.init(value)
    }

    /// Sixteen lower-case digits.
    public var hex: String { value.sixteenHexDigits }
}

extension TraceID: CustomStringConvertible {
    /// The same as ``hex``.
    public var description: String { hex }
}

extension SpanID: CustomStringConvertible {
    /// The same as ``hex``.
    public var description: String { hex }
}

extension UInt64 {
    /// Reads 1 to 16 hexadecimal digits.
    @inlinable
    init?(hexDigits digits: some Collection<UInt8>) {
        guard (1...16).contains(digits.count) else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt64(digit - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        self = value
    }

    var sixteenHexDigits: String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for position in 0..<16 {
                let nibble = UInt8(truncatingIfNeeded: self >> UInt64(60 - 4 * position)) & 0xF
                buffer[position] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
            }
            return 16
        }
    }
}
