// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// Reads all traces of a time from a collector, page by page, and writes them as one document.
package struct TraceExport {
    /// The form of the document.
    package enum Format: String, CaseIterable, Sendable {
        /// A list of spans in Zipkin's JSON, version 2.
        case zipkin
        /// OTLP in JSON, which keeps everything.
        case otlp
    }

    private static let firstPage = 100
    private let client: CollectorClient
    private let format: Format
    private var isFirst = true

    /// An export.
    package init(_ client: CollectorClient, format: Format) {
        self.client = client
        self.format = format
    }

    /// Writes the document in parts.
    ///
    /// - Returns: how many spans it has.
    package mutating func run(
        _ search: TraceSearch,
        write: ([UInt8]) throws -> Void
    ) async throws -> Int {
        try write(Array((format == .zipkin ? "[" : #"{"resourceSpans":["#).utf8))
        var search = search
        search.limit = Self.firstPage
        var seen: Set<TraceID> = []
        var count = 0
        while true {
            let (page, isWhole) = try await client.traces(search)
            let new = page.filter { trace in trace.first.map { !seen.contains($0.traceID) } ?? false }.flatMap { $0 }
            count += new.count
            try write(part(new))
            guard page.count >= search.limit || !isWhole else { break }
            let ids = page.compactMap { $0.first?.traceID }
            let end = search.window.upperBound
            let oldest = page.compactMap { TraceQuery.timestamp(of: $0) }.min().flatMap(UInt64.init(exactly:)) ?? end
            if oldest < end {
                seen = Set(ids)
                search.window = search.window.lowerBound...max(oldest, search.window.lowerBound)
            } else if !isWhole {
                // What else began in this microsecond does not fit beside what came.
                guard end > search.window.lowerBound else { break }
                search.window = search.window.lowerBound...(end - 1)
            } else {
                // All of them began in one microsecond.
                seen.formUnion(ids)
                search.limit *= 2
            }
        }
        try write(Array((format == .zipkin ? "]\n" : "]}\n").utf8))
        return count
    }

    /// The spans without the brackets around them.
    private mutating func part(_ spans: [SpanRecord]) -> [UInt8] {
        guard !spans.isEmpty else { return [] }
        let document: [UInt8]
        let opening: Int
        switch format {
        case .zipkin: (document, opening) = (ZipkinJSONEncoder.encode(spans), 1)
        case .otlp: (document, opening) = (OTLPJSONEncoder.encode(spans), #"{"resourceSpans":["#.utf8.count)
        }
        let closing = format == .zipkin ? 1 : 2
        let comma: [UInt8] = isFirst ? [] : [UInt8(ascii: ",")]
        isFirst = false
        return comma + document[opening..<(document.count - closing)]
    }
}
