// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import WingbeatCollector
import WingbeatCollectorSQLite
import WingbeatModel
import WingbeatSpanCodecs

/// From the bytes of a post to spans that survive a kill of the process.
///
/// The figures are process CPU time over a whole run into a new database, checkpoints included.
enum CollectorRows {
    static var all: [Benchmark] { [ingest(senders: 1), ingest(senders: 8)] }

    private static let postCount = 240
    private static let spansPerPost = 100
    private static let limitRows = 100_000

    private static func ingest(senders: Int) -> Benchmark {
        Benchmark("collector ingest, \(senders) sender\(senders == 1 ? "" : "s"), a span") {
            let posts = SamplePosts.make(count: postCount, spans: spansPerPost)
            return Measurement(
                try .fastest(of: 3) { Figures(nanoseconds: try ingestNanoseconds(posts, senders: senders)) },
                beside: [
                    Neighbour(
                        "C: SQLite row of 400 bytes",
                        try .fastest(of: 3) { Figures(nanoseconds: try limitNanoseconds()) }
                    )
                ]
            )
        }
    }

    private static func ingestNanoseconds(_ posts: [[UInt8]], senders: Int) throws -> Double {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let path = folder.path
        return try awaitInBackground {
            let store = try SQLiteSpanStore(directory: path)
            let start = process_cpu_nanoseconds()
            try await send(posts, from: senders, to: store)
            let taken = process_cpu_nanoseconds() - start
            await store.close()
            return Double(taken) / Double(posts.count * spansPerPost)
        }
    }

    /// Each sender posts as soon as its last post is kept, as a client on one connection does.
    private static func send(_ posts: [[UInt8]], from senders: Int, to store: any SpanConsumer) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sender in 0..<senders {
                group.addTask {
                    for index in stride(from: sender, to: posts.count, by: senders) {
                        try await store.accept(try ZipkinJSONDecoder.decode(posts[index]))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func limitNanoseconds() throws -> Double {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let taken = limit_insert_rows(folder.path + "/limit.sqlite", UInt64(limitRows))
        guard taken > 0 else { throw SpanStoreError.unavailable("cannot write to \(folder.path)") }
        return Double(taken) / Double(limitRows)
    }
}
