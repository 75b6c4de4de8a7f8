// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatMetrics

extension [UInt8] {
    /// Appends a line for each number of the batch: the text that is ready, the number, and the line's end.
    mutating func append(_ batch: ScalarBatch) {
        let start = count
        var room = 0
        for row in 0..<batch.count { room &+= batch.textRange(row).length &+ Self.roomForNumber }
        append(contentsOf: repeatElement(0, count: room))
        let written = withUnsafeMutableBufferPointer { bytes in
            bytes.baseAddress.map { Self.write(batch, to: $0 + start) } ?? 0
        }
        removeLast(room - written)
    }

    /// The longest: a sign, 17 digits, a point, and an exponent; or 20 digits; and the line's end.
    private static var roomForNumber: Int { 26 }

    /// - Returns: how many bytes were written.
    private static func write(_ batch: ScalarBatch, to start: UnsafeMutablePointer<UInt8>) -> Int {
        guard let text = batch.text.baseAddress else { return 0 }
        var end = start
        for row in 0..<batch.count {
            let (textStart, length) = batch.textRange(row)
            if length == 0 { continue }
            end.update(from: text + textStart, count: length)
            end += length
            end += write(batch.whole(row), batch.fraction(row), to: end)
            end.pointee = UInt8(ascii: "\n")
            end += 1
        }
        return end - start
    }

    @inline(__always)
    private static func write(_ whole: UInt64, _ fraction: Double, to start: UnsafeMutablePointer<UInt8>) -> Int {
        if fraction.bitPattern == 0 { return WingbeatBytes.write(decimal: whole, to: start) }
        return write(whole == 0 ? fraction : Double(whole) + Swift.max(fraction, 0), to: start)
    }

    private static func write(_ value: Double, to start: UnsafeMutablePointer<UInt8>) -> Int {
        var text: [UInt8] = []
        text.append(double: value)
        start.update(from: text, count: text.count)
        return text.count
    }
}
