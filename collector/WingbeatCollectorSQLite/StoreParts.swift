// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import WingbeatCollector

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The parts of a store, put together from what is in its folder.
struct StoreParts {
    let view = LiveView()
    let names = KnownNames()
    let writerQueue = DispatchQueue(label: "wingbeat.span-writer")
    let sealerQueue = DispatchQueue(label: "wingbeat.span-sealer", qos: .utility)
    let catalog: Catalog
    let source: BlockSource
    let files: HourFiles
    let sealer: Sealer
    let growing: GrowingHead
    let retention: Retention

    init(_ directory: String, _ configuration: SQLiteSpanStore.Configuration) throws(SpanStoreError) {
        let lock = try FolderLock(directory)
        for folder in [directory + "/journal", directory + "/spans"] where !makeDirectories(folder) {
            throw systemError("cannot make the folder \(folder)")
        }
        let notice = configuration.notice
        catalog = try Catalog.open(directory: directory, notice: notice)
        source = BlockSource(
            connections: ConnectionPool(capacity: 32),
            filters: FilterCache(maximumBytes: 64 << 20),
            pins: try PinnedTraces(catalog),
            damages: DamageCount(notice: notice)
        )
        let found = try FoundFiles(directory + "/spans", configuration)
        view.add(found.files)
        names.add(found.names)
        files = HourFiles(
            directory: directory + "/spans",
            last: found.files.last?.file,
            maximumBytes: configuration.maximumFileBytes,
            connections: source.connections
        )
        retention = Retention(
            directory: directory,
            view: view,
            files: files,
            names: names,
            catalog: catalog,
            source: source,
            configuration: configuration
        )
        sealer = Sealer(
            queue: sealerQueue,
            files: files,
            view: view,
            directory: directory,
            lock: lock,
            keep: configuration.keep,
            afterwards: { [retention] in retention.enforce(now: configuration.clock.now) },
            notice: notice
        )
        let journal = try FoundJournal(directory + "/journal", sealed: found.journals, notice: notice)
        growing = GrowingHead(
            directory: directory,
            nextNumber: max(journal.nextNumber, (found.journals.max() ?? 0) &+ 1),
            view: view,
            names: names,
            sealer: sealer,
            configuration: configuration
        )
        try journal.replay(into: growing, configuration)
        try PreviousFormat.importSpans(directory: directory, into: growing, configuration)
    }
}
