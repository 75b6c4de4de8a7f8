// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Zipkin's times, which are signed microseconds.
enum ZipkinTime {
    /// The nanoseconds of a time or a duration; zero and less mean unknown, which is zero.
    ///
    /// - Parameter place: where the number stands, for the error: it may be so large that 64 bits do not hold it.
    @inline(__always)
    static func nanoseconds(
        _ microseconds: Int64,
        _ place: @autoclosure () -> String
    ) throws(SpanDecodingError) -> UInt64 {
        guard microseconds > 0 else { return 0 }
        let (nanoseconds, overflow) = UInt64(microseconds).multipliedReportingOverflow(by: 1000)
        guard !overflow else { throw SpanDecodingError("\(place()) is \(microseconds) µs, which is out of range") }
        return nanoseconds
    }
}
