// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Cuts a file of spans into pieces that can be read alone, while it is read.
///
/// The file is JSON: a list of Zipkin's spans, or of lists of them; OTLP's `resourceSpans`, also many documents one after
/// the other, as OpenTelemetry's collector writes them, or within the `result` of Jaeger's API; Jaeger's `data`, a list of
/// its traces, or one.
package struct SpanFileSplitter {
    /// A part of the file.
    package struct Piece: Equatable, Sendable {
        /// What it is.
        package let kind: Kind
        /// Well-formed as far as its brackets go.
        package let bytes: [UInt8]
        /// Where it begins in the file.
        package let offset: Int
    }

    /// What a piece is.
    package enum Kind: Equatable, Sendable {
        /// An element of a list at the top: a span or a trace.
        case element
        /// An element of `resourceSpans`.
        case resourceSpans
        /// A trace of Jaeger's.
        case jaegerTrace
    }

    /// What keeps the file from being read.
    package struct Malformed: Error, Equatable, CustomStringConvertible {
        /// A sentence.
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    private enum Container: Equatable {
        case array
        case object(key: String)
    }

    private let largestPiece: Int
    private var containers: [Container] = []
    private var offset = 0
    private var isText = false
    private var isEscaped = false
    /// The bytes of the last text outside of pieces: a key, perhaps.
    private var text: [UInt8] = []
    /// The piece that is being read.
    private var piece: [UInt8]?
    private var pieceDepth = 0
    private var pieceKind = Kind.element
    private var pieceOffset = 0
    /// The beginning of an object at the top, which may be one trace.
    private var head: [UInt8] = []
    private var isKnown = false

    /// - Parameter largestPiece: in bytes.
    package init(largestPiece: Int = 64 * 1024 * 1024) {
        self.largestPiece = largestPiece
    }

    /// Reads on.
    package mutating func push(
        _ bytes: some Sequence<UInt8>,
        _ take: (Piece) throws -> Void
    ) throws {
        for byte in bytes {
            try push(byte, take)
            offset += 1
        }
    }

    /// Ends the file.
    package func finish() throws(Malformed) {
        guard piece == nil, containers.isEmpty, !isText else {
            throw Malformed(description: "the file ends at byte \(offset), in the middle of a span or a list")
        }
        guard offset == 0 || isKnown else {
            throw Malformed(
                description: "found no spans: expected a list of Zipkin's spans, OTLP's resourceSpans or Jaeger's data"
            )
        }
    }

    private mutating func push(_ byte: UInt8, _ take: (Piece) throws -> Void) throws {
        let isInPiece = piece != nil
        piece?.append(byte)
        if !isInPiece, containers.count == 1, head.count < 256 { head.append(byte) }
        try isText ? readText(byte, isInPiece) : readMark(byte, isInPiece, take)
        guard piece?.count ?? 0 <= largestPiece else {
            throw Malformed(description: "what begins at byte \(pieceOffset) has more than \(largestPiece) bytes")
        }
    }

    private mutating func readMark(_ byte: UInt8, _ isInPiece: Bool, _ take: (Piece) throws -> Void) throws {
        switch byte {
        case UInt8(ascii: "\""):
            isText = true
            if !isInPiece { text = [] }
        case UInt8(ascii: "{"), UInt8(ascii: "["): try open(byte, isInPiece)
        case UInt8(ascii: "}"), UInt8(ascii: "]"): try close(byte, isInPiece, take)
        case UInt8(ascii: ":") where !isInPiece: readKey()
        default: try check(byte, isInPiece)
        }
    }

    private mutating func readText(_ byte: UInt8, _ isInPiece: Bool) {
        if byte == UInt8(ascii: "\""), !isEscaped {
            isText = false
        } else {
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            if !isInPiece, text.count < 64 { text.append(byte) }
        }
    }

    private mutating func open(_ byte: UInt8, _ isInPiece: Bool) throws {
        if isInPiece {
            pieceDepth += 1
        } else if let kind = kindOfPiece {
            piece = [byte]
            (pieceKind, pieceDepth, pieceOffset) = (kind, 1, offset)
        } else {
            guard containers.count < 8 else {
                throw Malformed(description: "unknown lists within lists at byte \(offset)")
            }
            if containers.isEmpty { head = [byte] }
            containers.append(byte == UInt8(ascii: "[") ? .array : .object(key: ""))
            isKnown = isKnown || containers == [.array] || kindOfPiece != nil
        }
    }

    private mutating func close(_ byte: UInt8, _ isInPiece: Bool, _ take: (Piece) throws -> Void) throws {
        guard isInPiece else {
            let expected = containers.popLast().map { $0 == .array ? UInt8(ascii: "]") : UInt8(ascii: "}") }
            guard byte == expected else { throw Malformed(description: "a bracket too many at byte \(offset)") }
            return
        }
        pieceDepth -= 1
        guard pieceDepth == 0, let bytes = piece else { return }
        piece = nil
        try take(Piece(kind: pieceKind, bytes: bytes, offset: pieceOffset))
    }

    private mutating func readKey() {
        guard case .object(let previous) = containers.last else { return }
        let key = String(decoding: text, as: UTF8.self)
        containers[containers.count - 1] = .object(key: key)
        let isTrace = previous.isEmpty && ["traceID", "spans", "processes"].contains(key)
        guard containers.count == 1, isTrace else { return }
        containers = []
        piece = head
        (pieceKind, pieceDepth, pieceOffset) = (.jaegerTrace, 1, offset + 1 - head.count)
        isKnown = true
    }

    /// At the top, and between pieces, only what JSON has between values may stand.
    private func check(_ byte: UInt8, _ isInPiece: Bool) throws {
        let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
        let isMark = byte == UInt8(ascii: ",")
        let isForPieces = containers.isEmpty || kindOfPiece != nil
        guard isInPiece || isSpace || isMark || !isForPieces else {
            throw Malformed(description: "byte \(offset) belongs to no list of spans in JSON")
        }
    }

    /// What begins here, if it is a piece.
    private var kindOfPiece: Kind? {
        switch containers {
        case [.array]: .element
        case [.object(key: "resourceSpans"), .array], [.object(key: "result"), .object(key: "resourceSpans"), .array]:
            .resourceSpans
        case [.object(key: "data"), .array]: .jaegerTrace
        default: nil
        }
    }
}
