// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import WingbeatCollector
import WingbeatDelivery
import WingbeatMetrics
import WingbeatModel
import WingbeatSpanCodecs

@testable import WingbeatCollectorForwarding

@Suite("Forwarding spans")
struct SpanForwarderTests {
    @Test("Spans wait while the destination is away, and are all sent in their order when it is back")
    func awayAndBack() async throws {
        let folder = try Folder()
        let destination = FakeDestination([.unreachable("away"), .unreachable("away")])
        let forwarder = try folder.forwarder(to: destination)
        try forwarder.forward(spans(1...3))
        try forwarder.forward(spans(4...5))
        #expect(forwarder.counts.waiting == 5)
        try await running(forwarder) { await destination.hasReceived(5) }
        #expect(destination.received == [1, 2, 3, 4, 5])
        #expect(forwarder.counts.sent == 5)
        #expect(forwarder.counts.waiting == 0)
        #expect(forwarder.counts.forwarded == 5)
    }

    @Test("What waits when the process ends is sent by the next one")
    func survivesTheProcess() async throws {
        let folder = try Folder()
        do {
            try folder.forwarder(to: FakeDestination([])).forward(spans(1...2500))
        }
        let destination = FakeDestination([])
        let next = try folder.forwarder(to: destination)
        #expect(next.counts.waiting == 2500)
        #expect(next.counts.forwarded == 2500)
        try await running(next) { await destination.hasReceived(2500) }
        #expect(destination.received == Array(1...2500))
        #expect(destination.messages == 3)
    }

    @Test("What is refused is dropped and counted, wholly or in part, and holds up nothing")
    func refusals() async throws {
        let folder = try Folder()
        let destination = FakeDestination([
            .rejected("no"), .partlyRejected(count: 1, "one of them"), .tooLarge("too large"),
        ])
        let forwarder = try folder.forwarder(to: destination)
        for first in [UInt64(1), 11, 21, 31] { try forwarder.forward(spans(first...first + 2)) }
        try await running(forwarder) { await destination.hasReceived(3) }
        #expect(destination.received == [31, 32, 33])
        #expect(forwarder.counts.refused == 3 + 1 + 3)
        #expect(forwarder.counts.sent == 2 + 3)
        #expect(forwarder.counts.forwarded == 12)
    }

    @Test("When the disk's share is full, spans are refused, or dropped and counted")
    func full() throws {
        let folder = try Folder()
        let forwarder = try folder.forwarder(to: FakeDestination([]), capacity: 4096)
        #expect(throws: SpanStoreError.busy) {
            for number in UInt64(1)...1000 { try forwarder.forward(spans(number...number)) }
        }
        let waiting = forwarder.counts.waiting
        #expect(waiting > 10)
        forwarder.forwardOrDrop(spans(1...7))
        #expect(forwarder.counts.withoutRoom == 7)
        #expect(forwarder.counts.waiting == waiting)
        #expect(forwarder.counts.forwarded == waiting + 7)
    }

    @Test("With a store of its own every span is kept and forwarded; without one queries find nothing")
    func asStore() async throws {
        let folder = try Folder()
        let memory = InMemorySpanStore()
        let forwarder = try folder.forwarder(to: FakeDestination([]))
        let both = ForwardingSpanStore(store: memory, forwarder: forwarder)
        try await both.accept(spans(1...2))
        #expect(try await both.trace(.one) == spans(1...2))
        #expect(forwarder.counts.waiting == 2)
        let only = ForwardingSpanStore(store: nil, forwarder: forwarder)
        try await only.accept(spans(3...3))
        #expect(try await only.trace(.one) == [])
        #expect(try await only.services() == [])
        #expect(forwarder.counts.waiting == 3)
    }

    @Test("A registry shows the counts")
    func metrics() throws {
        let registry = MetricRegistry()
        let forwarder = try Folder().forwarder(to: FakeDestination([]), registry: registry)
        try forwarder.forward(spans(1...4))
        let names = registry.snapshot().families.map(\.descriptor.name).filter { $0.hasPrefix("wingbeat.forward") }
        #expect(names.sorted() == ["wingbeat.forward.dropped", "wingbeat.forward.sent", "wingbeat.forward.waiting"])
    }

    private func running(_ forwarder: SpanForwarder, _ isDone: () async -> Bool) async throws {
        let run = Task { await forwarder.run() }
        for _ in 0..<1000 where await !isDone() || forwarder.counts.waiting > 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
        run.cancel()
        await run.value
    }
}

/// A folder of its own, removed at the end.
private final class Folder {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("forward-\(UUID())").path

    init() throws {}

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func forwarder(
        to destination: FakeDestination,
        capacity: Int = 1 << 24,
        registry: MetricRegistry = MetricRegistry()
    ) throws -> SpanForwarder {
        try SpanForwarder(
            to: ForwardDestination("http://destination"),
            destination,
            spool: DiskSpool(directory: path, capacity: capacity),
            factory: registry
        )
    }
}

/// A destination that is none: it fails as its script says, and takes everything after that.
private final class FakeDestination: ByteSender {
    private let state: Mutex<(script: [DeliveryError], spans: [UInt64], messages: Int)>

    init(_ script: [DeliveryError]) {
        state = Mutex((script, [], 0))
    }

    var received: [UInt64] { state.withLock { $0.spans } }
    var messages: Int { state.withLock { $0.messages } }

    func hasReceived(_ count: Int) async -> Bool { received.count >= count }

    func send(_ bytes: [UInt8]) async throws(DeliveryError) {
        let failure = state.withLock { $0.script.isEmpty ? nil : $0.script.removeFirst() }
        if let failure { throw failure }
        let spans = (try? OTLPProtobufDecoder.decode(bytes).spans) ?? []
        state.withLock { state in
            state.spans += spans.map(\.id.value)
            state.messages += 1
        }
    }

    func close() async {}
}

private func spans(_ numbers: ClosedRange<UInt64>) -> [SpanRecord] {
    numbers.compactMap { number in SpanID(number).map { SpanRecord(traceID: .one, id: $0, name: "work") } }
}

extension TraceID {
    fileprivate static var one: TraceID { .smallest }
}
