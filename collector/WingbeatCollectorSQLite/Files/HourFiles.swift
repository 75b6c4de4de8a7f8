// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatCollector

/// Which file is written: a new one each hour, and when the last one has become large.
///
/// Sendable unchecked: only the sealer's queue uses it.
final class HourFiles: @unchecked Sendable {
    private let directory: String
    private let maximumBytes: Int64
    private let connections: ConnectionPool
    private var writer: HourFileWriter?
    private var newest: HourName?
    private var unfinished: HourFile?

    /// - Parameters:
    ///   - last: the newest file that is there; gone on with when it is not closed.
    ///   - maximumBytes: how large a file becomes, more or less.
    init(directory: String, last: HourFile?, maximumBytes: Int64, connections: ConnectionPool) {
        self.directory = directory
        newest = last?.name
        unfinished = last.flatMap { $0.isClosed ? nil : $0 }
        self.maximumBytes = maximumBytes
        self.connections = connections
    }

    /// The file that is being written.
    var current: HourFile? { writer?.file }

    /// Writes a head's blocks into the file of its hour.
    func write(_ blocks: [SpanBlock.Packed], of head: Head) throws(SpanStoreError) -> (HourFile, [BlockEntry]) {
        if let file = writer?.file, file.name.hour < head.hour || file.bytes >= maximumBytes { closeCurrent() }
        let current: HourFileWriter
        if let writer { current = writer } else { current = try open(hour: head.hour) }
        return (current.file, try current.write(blocks, names: head.names, journal: head.journal))
    }

    /// Closes the file that is being written, if any.
    func closeCurrent() {
        guard let writer else { return }
        self.writer = nil
        // When the log cannot be moved into the file, it stays beside it and the file is read together with it.
        guard (try? writer.close()) != nil else { return }
        writer.file.close()
        connections.forget(writer.file.path)
    }

    /// Lets go of a file that is deleted.
    func forget(_ file: HourFile) {
        if current === file { closeCurrent() }
        if unfinished === file { unfinished = nil }
    }

    private func open(hour: Int64) throws(SpanStoreError) -> HourFileWriter {
        let writer = try HourFileWriter(file(hour: hour))
        newest = writer.file.name
        unfinished = nil
        self.writer = writer
        return writer
    }

    private func file(hour: Int64) -> HourFile {
        var name = HourName(hour: hour, number: 1)
        if let unfinished, unfinished.name >= name, unfinished.bytes < maximumBytes { return unfinished }
        if let newest, newest >= name { name = HourName(hour: newest.hour, number: newest.number + 1) }
        return HourFile(name, in: directory, isClosed: false)
    }
}
