// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

/// Reads an hour's file through a connection of its own.
struct HourFileReader {
    let connection: Connection

    /// The blocks, in the order in which they were sealed.
    func blocks() throws(SpanStoreError) -> [BlockEntry] {
        let statement = try connection.statement("SELECT id, first_start, last_start, spans FROM block ORDER BY id")
        defer { statement.reset() }
        var entries: [BlockEntry] = []
        while try statement.step() {
            let (first, last) = (statement.integer(1), statement.integer(2))
            let starts = statement.isNull(1) || first > last ? nil : first...last
            entries.append(BlockEntry(id: statement.integer(0), starts: starts, spans: Int(statement.integer(3))))
        }
        return entries
    }

    /// The journal files of which the spans are here.
    func journals() throws(SpanStoreError) -> [UInt64] {
        let statement = try connection.statement("SELECT number FROM journal")
        defer { statement.reset() }
        var numbers: [UInt64] = []
        while try statement.step() { numbers.append(UInt64(bitPattern: statement.integer(0))) }
        return numbers
    }

    func names() throws(SpanStoreError) -> Names {
        var names = Names()
        for (service, spans) in try services() { names.add(service: service, spans: spans) }
        let statement = try connection.statement("SELECT service, kind, name FROM name")
        defer { statement.reset() }
        while try statement.step() {
            let (service, name) = (statement.text(0), statement.text(2))
            switch NameKind(rawValue: statement.integer(1)) {
            case .spanName: names.add(spanName: name, ofService: service)
            case .remoteService: names.add(remoteService: name, ofService: service)
            case .tagValue: names.add(tagValue: name, forKey: service)
            case nil: break
            }
        }
        return names
    }

    /// How many spans each service has.
    func services() throws(SpanStoreError) -> [String: Int] {
        let statement = try connection.statement("SELECT name, spans FROM service")
        defer { statement.reset() }
        var services: [String: Int] = [:]
        while try statement.step() { services[statement.text(0)] = Int(statement.integer(1)) }
        return services
    }

    /// The blocks with spans of traces whose ids end in these bits.
    func blocks(ofTrace low: UInt64) throws(SpanStoreError) -> [Int64] {
        let statement = try connection.statement("SELECT block FROM trace WHERE low = ? ORDER BY block")
        defer { statement.reset() }
        statement.bind(1, Int64(bitPattern: low))
        var blocks: [Int64] = []
        while try statement.step() { blocks.append(statement.integer(0)) }
        return blocks
    }

    /// The filter of a block; nil when it is not there.
    func filter(ofBlock id: Int64) throws(SpanStoreError) -> [UInt8]? {
        try column("SELECT filter FROM block_filter WHERE id = ?", id)
    }

    /// The spans of a block, packed; nil when they are not there.
    func bytes(ofBlock id: Int64) throws(SpanStoreError) -> [UInt8]? {
        try column("SELECT bytes FROM block_bytes WHERE id = ?", id)
    }

    private func column(_ sql: String, _ id: Int64) throws(SpanStoreError) -> [UInt8]? {
        let statement = try connection.statement(sql)
        defer { statement.reset() }
        statement.bind(1, id)
        return try statement.step() ? statement.bytes(0) : nil
    }
}
