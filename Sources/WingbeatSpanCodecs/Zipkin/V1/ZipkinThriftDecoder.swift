// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Reads Zipkin's Thrift: a list of spans of its first version, each of which may become several, in Thrift's binary
/// protocol.
///
/// Source: openzipkin/zipkin-api `thrift/zipkinCore.thrift`, and the rules of Zipkin's own reader. Other than there, tags
/// that are numbers, truth values or bytes are kept, as such. An annotation without a time and a tag without a key or a
/// value are left out, as there, and counted in `SpanRecord.dropped`.
public enum ZipkinThriftDecoder {
    /// Reads a list of spans; no bytes are a list without spans.
    public static func decode(_ bytes: [UInt8]) throws(SpanDecodingError) -> [SpanRecord] {
        guard let first = bytes.first else { return [] }
        // The type of the list's elements: structures. Some clients say that they are texts.
        guard first == 12 || first == 11 else { throw SpanDecodingError("Expected a THRIFT encoded list\n") }
        do throws(SpanDecodingError) {
            return try bytes.withUnsafeBufferPointer { buffer throws(SpanDecodingError) in try spans(in: buffer) }
        } catch {
            throw SpanDecodingError(
                "\(error.description) reading List<Span> from TBinary",
                isTooLarge: error.isTooLarge
            )
        }
    }

    private static func spans(in buffer: UnsafeBufferPointer<UInt8>) throws(SpanDecodingError) -> [SpanRecord] {
        var thrift = ThriftReader(buffer)
        let reader = ZipkinThriftSpanReader(inputBytes: buffer.count)
        var spans: [SpanRecord] = []
        for position in 0..<(try thrift.list()).count {
            spans.append(contentsOf: ZipkinV1Converter.convert(try reader.read(&thrift, at: position)))
        }
        return spans
    }
}
