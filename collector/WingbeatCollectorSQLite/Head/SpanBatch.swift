// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector
import WingbeatModel

/// What one post brought, made ready on its caller's thread.
struct SpanBatch: Sendable {
    let spans: [SpanRecord]
    /// The record for the journal.
    let record: [UInt8]
    let names: Names

    init(_ spans: [SpanRecord], tagKeys: Set<String>) throws(SpanStoreError) {
        self.spans = spans
        record = try JournalRecord.pack(spans)
        names = Names(spans, tagKeys: tagKeys)
    }

    /// What an earlier process wrote into the journal.
    init(replayed spans: [SpanRecord], tagKeys: Set<String>) {
        self.spans = spans
        record = []
        names = Names(spans, tagKeys: tagKeys)
    }
}
