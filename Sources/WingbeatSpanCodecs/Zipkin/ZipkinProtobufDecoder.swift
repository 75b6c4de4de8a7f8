// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatModel

/// Reads Zipkin's protocol buffers: a `ListOfSpans`, with Zipkin's validation and its error texts.
///
/// Source: openzipkin/zipkin-api `zipkin.proto`. Fields that are unknown, or of another type, are skipped. As in Zipkin,
/// an annotation without a time and a tag with nothing in it are left out; they are counted in `SpanRecord.dropped`.
public enum ZipkinProtobufDecoder {
    /// Reads a list of spans; no bytes are a list without spans.
    public static func decode(_ bytes: [UInt8]) throws(SpanDecodingError) -> [SpanRecord] {
        guard !bytes.isEmpty else { return [] }
        // The first field, which is not empty: what Zipkin looks at to tell one format from another.
        guard bytes[0] == 0x0A, bytes.count == 1 || bytes[1] != 0 else {
            throw SpanDecodingError("Expected a PROTO3 encoded list\n")
        }
        do throws(SpanDecodingError) {
            return try bytes.withUnsafeBufferPointer { buffer throws(SpanDecodingError) in try spans(in: buffer) }
        } catch {
            throw SpanDecodingError("\(error.description) reading List<Span> from proto3", isTooLarge: error.isTooLarge)
        }
    }

    private static func spans(in buffer: UnsafeBufferPointer<UInt8>) throws(SpanDecodingError) -> [SpanRecord] {
        var list = ProtobufReader(buffer)
        var reader = ZipkinProtobufSpanReader(inputBytes: buffer.count)
        var spans: [SpanRecord] = []
        spans.reserveCapacity(try count(of: list))  // growing would take three times the memory
        while let field = try list.nextField() {
            guard field.number == 1, field.type == .delimited else {
                try list.skip(field)
                continue
            }
            let position = spans.count
            spans.append(SpanRecord(traceID: .smallest, id: .smallest))  // the real ids may come last
            try reader.read(try list.message(), at: position, into: &spans[position])
        }
        return spans
    }

    private static func count(of list: ProtobufReader) throws(SpanDecodingError) -> Int {
        var list = list
        var count = 0
        var budget = DecodingBudget()
        while let field = try list.nextField() {
            if field.number == 1, field.type == .delimited {
                try budget.take()
                count += 1
            }
            try list.skip(field)
        }
        return count
    }
}
