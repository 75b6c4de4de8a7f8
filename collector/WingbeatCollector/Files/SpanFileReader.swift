// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel
import WingbeatSpanCodecs

/// Reads a file of spans, piece by piece, and hands them on in batches that fit into a post.
package struct SpanFileReader {
    /// What is wrong with the file, and where.
    package struct Malformed: Error, CustomStringConvertible {
        /// A sentence.
        package let description: String
    }

    private static let batchSpans = 2000
    private static let batchBytes = 1024 * 1024
    private var splitter = SpanFileSplitter()
    private var spans: [SpanRecord] = []
    /// Spans of Zipkin that wait to be read together.
    private var elements: [UInt8] = []
    private var firstElement = 0
    private var isVersion1 = false
    /// How many spans of OTLP had no valid ids.
    package private(set) var rejected = 0

    /// A reader at the start of a file.
    package init() {}

    /// Reads on.
    ///
    /// - Returns: batches that are full.
    package mutating func push(_ bytes: some Sequence<UInt8>) throws -> [[SpanRecord]] {
        var pieces: [SpanFileSplitter.Piece] = []
        do {
            try splitter.push(bytes) { pieces.append($0) }
            for piece in pieces { try read(piece) }
        } catch let error as SpanFileSplitter.Malformed {
            throw Malformed(description: error.description)
        }
        return takeBatches()
    }

    /// Ends the file.
    ///
    /// - Returns: what is left.
    package mutating func finish() throws -> [[SpanRecord]] {
        try readElements()
        do {
            try splitter.finish()
        } catch {
            throw Malformed(description: error.description)
        }
        let last = takeBatches() + (spans.isEmpty ? [] : [spans])
        spans = []
        return last
    }

    private mutating func takeBatches() -> [[SpanRecord]] {
        var batches: [[SpanRecord]] = []
        while spans.count >= Self.batchSpans {
            batches.append(Array(spans.prefix(Self.batchSpans)))
            spans.removeFirst(Self.batchSpans)
        }
        return batches
    }

    private mutating func read(_ piece: SpanFileSplitter.Piece) throws {
        switch piece.kind {
        case .resourceSpans:
            let batch = try decoding(at: piece.offset) { () throws(SpanDecodingError) in
                try OTLPJSONDecoder.decode(Array(#"{"resourceSpans":["#.utf8) + piece.bytes + Array("]}".utf8))
            }
            spans += batch.spans
            rejected += batch.rejectedSpans
        case .jaegerTrace:
            spans += try decoding(at: piece.offset) { () throws(SpanDecodingError) in
                try JaegerJSONDecoder.decode(trace: piece.bytes)
            }
        case .element: try readElement(piece)
        }
    }

    private mutating func readElement(_ piece: SpanFileSplitter.Piece) throws {
        if piece.bytes.first == UInt8(ascii: "[") {
            try readElements()
            (elements, firstElement) = (piece.bytes, piece.offset)
            return try readElements()
        }
        if elements.isEmpty {
            let value = try decoding(at: piece.offset) { () throws(SpanDecodingError) in try JSONValue(piece.bytes) }
            if value["spans"] != nil {
                return try read(.init(kind: .jaegerTrace, bytes: piece.bytes, offset: piece.offset))
            }
            isVersion1 = isVersion1 || value.isZipkinVersion1
            firstElement = piece.offset
        }
        elements.append(UInt8(ascii: elements.isEmpty ? "[" : ","))
        elements += piece.bytes
        if elements.count >= Self.batchBytes { try readElements() }
    }

    private mutating func readElements() throws {
        guard !elements.isEmpty else { return }
        if elements.last != UInt8(ascii: "]") { elements.append(UInt8(ascii: "]")) }
        let bytes = elements
        elements = []
        spans += try decoding(at: firstElement) { () throws(SpanDecodingError) in
            try ZipkinFormat(version: isVersion1 ? .v1 : .v2, contentType: "application/json").decode(bytes)
        }
    }

    private func decoding<Value>(
        at offset: Int,
        _ body: () throws(SpanDecodingError) -> Value
    ) throws -> Value {
        do throws(SpanDecodingError) {
            return try body()
        } catch {
            throw Malformed(description: "in what begins at byte \(offset): \(error)")
        }
    }
}

extension JSONValue {
    /// True when a span of Zipkin has what only its first version has.
    fileprivate var isZipkinVersion1: Bool {
        self["binaryAnnotations"] != nil || (self["annotations"]?.elements ?? []).contains { $0["endpoint"] != nil }
    }
}
