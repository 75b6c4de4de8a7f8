// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// The bytes of a header, or of a part of one.
typealias HeaderBytes = UnsafeBufferPointer<UInt8>

extension String {
    /// What `parse` makes of the first value that it understands.
    ///
    /// A header that was sent several times may come as one text, joined with commas (RFC 9110, section 5.3) or with
    /// semicolons (Vapor).
    func firstValue<Value>(_ parse: (HeaderBytes) -> Value?) -> Value? {
        withHeaderBytes { bytes in
            for part in HeaderParts(of: bytes, separators: (UInt8(ascii: ","), UInt8(ascii: ";"))) {
                if let value = parse(part) { return value }
            }
            return nil
        }
    }

    func withHeaderBytes<Result>(_ body: (HeaderBytes) -> Result) -> Result {
        var text = self
        return text.withUTF8(body)
    }
}

/// The parts of a header between its separators, without the white space around them. Empty parts are parts, too.
struct HeaderParts: Sequence, IteratorProtocol {
    private let separators: (UInt8, UInt8)
    private var rest: HeaderBytes?

    init(of bytes: HeaderBytes, separators: (UInt8, UInt8)) {
        self.separators = separators
        rest = bytes
    }

    init(of bytes: HeaderBytes, separator: UInt8) {
        self.init(of: bytes, separators: (separator, separator))
    }

    mutating func next() -> HeaderBytes? {
        guard let bytes = rest else { return nil }
        let end = bytes.firstIndex { $0 == separators.0 || $0 == separators.1 }
        rest = end.map { HeaderBytes(rebasing: bytes[($0 + 1)...]) }
        return HeaderBytes(rebasing: bytes[..<(end ?? bytes.count)]).trimmed
    }
}

extension HeaderBytes {
    /// Without the spaces and tabs at both ends.
    var trimmed: HeaderBytes {
        guard let first = firstIndex(where: { !$0.isSpace }), let last = lastIndex(where: { !$0.isSpace }) else {
            return HeaderBytes(rebasing: self[..<0])
        }
        return HeaderBytes(rebasing: self[first...last])
    }

    func hasByte(_ byte: Unicode.Scalar, at index: Int) -> Bool {
        index < count && self[index] == UInt8(ascii: byte)
    }

    /// The number that hexadecimal digits say; nil where there are fewer, or others.
    func hex(at start: Int, digits: Int = 16, upperCase: Bool = false) -> UInt64? {
        guard start + digits <= count else { return nil }
        var value: UInt64 = 0
        var wrong: UInt8 = 0
        for index in start..<start + digits {
            let digit = self[index].hexValue(upperCase: upperCase)
            wrong |= digit
            value = value << 4 | UInt64(digit & 0xF)
        }
        return wrong > 0xF ? nil : value
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// What a hexadecimal digit is worth; 255 of other bytes.
    @inline(__always)
    fileprivate func hexValue(upperCase: Bool) -> UInt8 {
        let number = self &- UInt8(ascii: "0")
        guard number > 9 else { return number }
        let letter = (upperCase ? self | 0x20 : self) &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : 255
    }
}
