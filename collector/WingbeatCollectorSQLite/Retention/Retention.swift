// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatCollector
import WingbeatModel

/// Removes the oldest files when they are too old or when all together are too large.
///
/// Sendable unchecked: ``enforce(now:)`` runs on the sealer's queue only.
final class Retention: @unchecked Sendable {
    private let age: Duration
    private let maximumBytes: Int64
    private let directory: String
    private let view: LiveView
    private let files: HourFiles
    private let names: KnownNames
    private let catalog: Catalog
    private let pins: PinnedTraces
    private let source: BlockSource
    private let isStrict: Bool
    private let notice: Notice
    private let evicted = Atomic<Int>(0)

    init(
        directory: String,
        view: LiveView,
        files: HourFiles,
        names: KnownNames,
        catalog: Catalog,
        source: BlockSource,
        configuration: SQLiteSpanStore.Configuration
    ) {
        self.directory = directory
        self.view = view
        self.files = files
        self.names = names
        self.catalog = catalog
        pins = source.pins
        self.source = source
        age = configuration.retention
        maximumBytes = configuration.maximumBytes
        isStrict = configuration.options.strictTraceID
        notice = configuration.notice
    }

    /// How many spans were deleted since the process began.
    var evictedSpans: Int { evicted.load(ordering: .relaxed) }

    /// The bytes of everything on disk.
    var bytes: Int64 {
        view.now.files.reduce(0) { $0 + $1.file.bytes }
            + databaseFiles(directory + "/catalog.sqlite").reduce(0) { $0 + (fileSize($1) ?? 0) }
            + fileNames(in: directory + "/journal", endingIn: ".journal")
            .reduce(0) { $0 + (fileSize(directory + "/journal/" + $1) ?? 0) }
    }

    /// Removes what may not stay.
    func enforce(now: Int64) {
        var isChanged = false
        while let (oldest, reason) = next(now) {
            files.forget(oldest.file)
            do {
                try evict(oldest)
            } catch {
                notice("\(oldest.file.name.fileName) should go, but cannot: \(error)")
                break
            }
            isChanged = true
            notice("\(oldest.file.name.fileName) with \(oldest.spans) spans is deleted: \(reason)")
        }
        if isChanged { names.replace { gatherNames() } }
    }

    private func next(_ now: Int64) -> (HourView, reason: String)? {
        guard let oldest = view.now.files.first else { return nil }
        let end = (oldest.file.name.hour + 1) * 3_600_000_000
        if age > .zero, end <= now - age.microseconds { return (oldest, "it is older than \(age)") }
        if maximumBytes > 0, bytes > maximumBytes { return (oldest, "all files take more than \(maximumBytes) bytes") }
        return nil
    }

    private func evict(_ hour: HourView) throws {
        try savePins(of: hour)
        try catalog.runNow { connection in
            try connection.transaction { () throws(SpanStoreError) in
                for (service, spans) in hour.services { try EvictionTable.add(spans, of: service, to: connection) }
            }
        }
        evicted.wrappingAdd(hour.spans, ordering: .relaxed)
        hour.file.condemn()
        view.remove(hour.file)
        source.connections.forget(hour.file.path)
    }

    /// Copies what the file has of pinned traces.
    private func savePins(of hour: HourView) throws {
        for id in pins.ids {
            var reader = StoreReader(
                view: StoreView(heads: [], files: [hour]),
                source: source,
                budget: QueryBudget(timeout: .zero),
                isStrict: true
            )
            let trace = try reader.trace(id)
            if trace.count != pins.count(of: id) { try pins.keep(id, trace) }
        }
    }

    private func gatherNames() -> Names {
        let view = view.now
        var names = Names()
        for hour in view.files {
            let found = try? source.connections.read(hour.file, QueryBudget(timeout: .zero)) { try $0.names() }
            if let found { names.add(found) }
        }
        for head in view.heads { names.add(head.names) }
        return names
    }
}

extension Duration {
    /// The whole microseconds; the largest number where there are more.
    var microseconds: Int64 {
        let (product, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow
            ? .max : product.addingReportingOverflow(components.attoseconds / 1_000_000_000_000).partialValue
    }
}
