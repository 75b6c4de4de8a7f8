// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

/// What a collector answers to a request with spans that it took: OTLP's `ExportTraceServiceResponse`.
///
/// Source: OTLP specification, "OTLP/HTTP Response".
public struct OTLPResponse: Hashable, Sendable {
    /// How many spans of the request were not taken. Sending them again would not help.
    public var rejectedSpans: Int64
    /// Why they were not taken; with no rejected spans a warning; empty where there is nothing to say.
    public var errorMessage: String

    /// A response; without arguments the one that says that all is well.
    public init(rejectedSpans: Int64 = 0, errorMessage: String = "") {
        self.rejectedSpans = rejectedSpans
        self.errorMessage = errorMessage
    }

    private var saysSomething: Bool { rejectedSpans != 0 || !errorMessage.isEmpty }
}

/// Why a request with spans failed: `google.rpc.Status`, the body of OTLP's answers with a status of 400 and above.
public struct OTLPFailure: Error, Hashable, Sendable {
    /// The code of gRPC; zero where it is not said, as over HTTP.
    public var code: Int32
    /// What was wrong, for people.
    public var message: String

    /// A failure.
    public init(code: Int32 = 0, message: String) {
        self.code = code
        self.message = message
    }
}

extension OTLPResponse {
    /// The response in protocol buffers; empty when all is well.
    public func protobuf() -> [UInt8] {
        var bytes: [UInt8] = []
        guard saysSomething else { return bytes }
        bytes.append(field: 1) { bytes in
            if rejectedSpans != 0 { bytes.append(field: 1, varint: UInt64(bitPattern: rejectedSpans)) }
            if !errorMessage.isEmpty { bytes.append(field: 2, text: errorMessage) }
        }
        return bytes
    }

    /// The response in JSON; `{}` when all is well.
    public func json() -> [UInt8] {
        var bytes = Array("{".utf8)
        if saysSomething {
            bytes.append(object: "partialSuccess") { bytes in
                bytes.append(field: "rejectedSpans", quotedUnlessZero: rejectedSpans)
                bytes.append(field: "errorMessage", text: errorMessage)
            }
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Reads a response in protocol buffers.
    public init(protobuf bytes: [UInt8]) throws(SpanDecodingError) {
        self.init()
        try bytes.withUnsafeBufferPointer { buffer throws(SpanDecodingError) in
            var reader = ProtobufReader(buffer)
            while let field = try reader.nextField() {
                guard field.number == 1, field.type == .delimited else { try reader.skip(field); continue }
                var message = try reader.message()
                try readPartialSuccess(&message)
            }
        }
    }

    private mutating func readPartialSuccess(_ reader: inout ProtobufReader) throws(SpanDecodingError) {
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .varint): rejectedSpans = Int64(bitPattern: try reader.varint())
            case (2, .delimited): errorMessage = try reader.string()
            default: try reader.skip(field)
            }
        }
    }

    /// Reads a response in JSON.
    public init(json bytes: [UInt8]) throws(SpanDecodingError) {
        self.init()
        try bytes.withUnsafeBufferPointer { buffer throws(SpanDecodingError) in
            var scanner = JSONScanner(buffer)
            try scanner.object { scanner, key throws(SpanDecodingError) in
                guard try !scanner.skipNull() else { return }
                guard key == "partialSuccess" else { return try scanner.skipValue() }
                try readPartialSuccess(&scanner)
            }
            try scanner.expectEnd()
        }
    }

    private mutating func readPartialSuccess(_ scanner: inout JSONScanner) throws(SpanDecodingError) {
        try scanner.object { scanner, key throws(SpanDecodingError) in
            guard try !scanner.skipNull() else { return }
            switch key {
            case "rejectedSpans": rejectedSpans = try scanner.integer()
            case "errorMessage": errorMessage = try scanner.string()
            default: try scanner.skipValue()
            }
        }
    }
}

extension OTLPFailure {
    /// The status in protocol buffers.
    public func protobuf() -> [UInt8] {
        var bytes: [UInt8] = []
        if code != 0 { bytes.append(field: 1, varint: UInt64(bitPattern: Int64(code))) }
        if !message.isEmpty { bytes.append(field: 2, text: message) }
        return bytes
    }

    /// The status in JSON.
    public func json() -> [UInt8] {
        var bytes = Array("{".utf8)
        if code != 0 {
            bytes.append(member: "code")
            bytes.append(decimal: code)
        }
        bytes.append(field: "message", text: message)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Reads a status in protocol buffers; its details are skipped.
    public init(protobuf bytes: [UInt8]) throws(SpanDecodingError) {
        self.init(message: "")
        try bytes.withUnsafeBufferPointer { buffer throws(SpanDecodingError) in
            var reader = ProtobufReader(buffer)
            while let field = try reader.nextField() {
                switch (field.number, field.type) {
                case (1, .varint): code = Int32(truncatingIfNeeded: try reader.varint())
                case (2, .delimited): message = try reader.string()
                default: try reader.skip(field)
                }
            }
        }
    }

    /// Reads a status in JSON; its details are skipped.
    public init(json bytes: [UInt8]) throws(SpanDecodingError) {
        self.init(message: "")
        try bytes.withUnsafeBufferPointer { buffer throws(SpanDecodingError) in
            var scanner = JSONScanner(buffer)
            try scanner.object { scanner, key throws(SpanDecodingError) in
                guard try !scanner.skipNull() else { return }
                switch key {
                case "code": code = Int32(truncatingIfNeeded: try scanner.integer())
                case "message": message = try scanner.string()
                default: try scanner.skipValue()
                }
            }
            try scanner.expectEnd()
        }
    }
}
