// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Takes over the database of the previous version: one file, of which each row is some spans of one trace.
enum PreviousFormat {
    private static let version: Int64 = 1

    /// Puts its spans through the journal like any others; then the file has another name. When that is not possible
    /// it is said why, and the file stays as it is.
    static func importSpans(
        directory: String,
        into growing: GrowingHead,
        _ configuration: SQLiteSpanStore.Configuration
    ) throws(SpanStoreError) {
        let path = directory + "/spans.sqlite"
        guard fileSize(path) != nil else { return }
        do throws(SpanStoreError) {
            let count = try copy(path, into: growing, configuration)
            for (file, ending) in zip(databaseFiles(path), ["", "-wal", "-shm"]) {
                rename(file, path + ".imported" + ending)
            }
            configuration.notice("\(count) spans of the previous version are taken over from \(path)")
        } catch {
            configuration.notice("the spans of the previous version in \(path) are not taken over: \(error)")
        }
    }

    private static func copy(
        _ path: String,
        into growing: GrowingHead,
        _ configuration: SQLiteSpanStore.Configuration
    ) throws(SpanStoreError) -> Int {
        let connection = try Connection(path: path)
        defer { withExtendedLifetime(connection) {} }
        let found = try HourSchema.version(of: connection)
        guard found == version else {
            throw .unavailable("it has format \(found), and only format \(version) is known")
        }
        let statement = try connection.statement("SELECT trace_high, trace_low, spans FROM fragment ORDER BY id")
        defer { statement.reset() }
        var spans: [SpanRecord] = []
        var count = 0
        func flush() throws(SpanStoreError) {
            guard !spans.isEmpty else { return }
            try growing.add([SpanBatch(spans, tagKeys: configuration.options.autocompleteKeys)])
            growing.sealWhenFull()
            count += spans.count
            spans = []
        }
        while try statement.step() {
            let (high, low) = (UInt64(bitPattern: statement.integer(0)), UInt64(bitPattern: statement.integer(1)))
            guard let id = TraceID(high: high, low: low) else { continue }
            spans += (try? SpanBlob.unpack(statement.bytes(2), of: id)) ?? []
            if spans.count >= 1000 { try flush() }
        }
        try flush()
        return count
    }
}
