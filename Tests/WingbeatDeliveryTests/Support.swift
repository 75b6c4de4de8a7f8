// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import WingbeatDelivery
import WingbeatMetrics
import WingbeatModel

/// Waits until something is so; records an issue when it is not so in good time.
func eventually(
    _ expectation: Comment,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () -> Bool
) async {
    let deadline = ContinuousClock.now + .seconds(30)
    while !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record(expectation, sourceLocation: sourceLocation)
            return
        }
        try? await Task.sleep(for: .milliseconds(2))
    }
}

/// A fake backend that answers as it is told and keeps what it takes.
final class FakeSender: ByteSender {
    enum Answer: Sendable {
        case take
        case reject
        /// Nobody answers.
        case beAway
        /// Answers that it cannot now, and perhaps when it can.
        case beBusy(Duration? = nil)
        /// Refuses messages of more numbers than so many, and takes the others.
        case takeAtMost(Int)
        /// Takes the message, but for so many numbers.
        case takeAllBut(Int, String)
        /// Answers only when the attempt is cancelled.
        case hang
        /// Takes the message when ``release()`` is called.
        case takeLater
    }

    private struct State {
        var script: [Answer]
        var finally: Answer
        var taken: [[UInt8]] = []
        var attempts = 0
        var closes = 0
        var isReleased = false
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - script: the answers to the first attempts.
    ///   - finally: the answer to all further ones.
    init(_ script: [Answer] = [], finally: Answer = .take) {
        state = Mutex(State(script: script, finally: finally))
    }

    var attempts: Int { state.withLock { $0.attempts } }
    var closes: Int { state.withLock { $0.closes } }
    /// The numbers of each message that was taken.
    var batches: [[Int]] { state.withLock { $0.taken }.map(Self.numbers) }
    var taken: [Int] { batches.flatMap { $0 } }

    func send(_ bytes: [UInt8]) async throws(DeliveryError) {
        let answer = state.withLock { state in
            state.attempts += 1
            return state.script.isEmpty ? state.finally : state.script.removeFirst()
        }
        switch answer {
        case .take: state.withLock { $0.taken.append(bytes) }
        case .reject: throw .rejected("never")
        case .beAway: throw .unreachable("away")
        case .beBusy(let time): throw .temporary("busy", retryAfter: time)
        case .takeAtMost(let count):
            guard Self.numbers(bytes).count <= count else { throw .tooLarge("too large") }
            state.withLock { $0.taken.append(bytes) }
        case .takeAllBut(let count, let reason):
            state.withLock { $0.taken.append(bytes) }
            throw .partlyRejected(count: count, reason)
        case .hang:
            try? await Task.sleep(for: .seconds(86_400))
            throw .unreachable("cancelled")
        case .takeLater:
            while !state.withLock({ $0.isReleased }) {
                guard (try? await Task.sleep(for: .milliseconds(1))) != nil else { throw .unreachable("cancelled") }
            }
            state.withLock { $0.taken.append(bytes) }
        }
    }

    /// Answers otherwise from now on.
    func answer(_ answer: Answer) { state.withLock { $0.finally = answer } }

    /// Lets those answer that take their time.
    func release() { state.withLock { $0.isReleased = true } }

    func close() async { state.withLock { $0.closes += 1 } }

    /// Writes numbers as a message.
    @Sendable
    static func message(_ numbers: [Int]) -> [UInt8] { Array(numbers.map(String.init).joined(separator: ",").utf8) }

    private static func numbers(_ message: [UInt8]) -> [Int] {
        String(decoding: message, as: UTF8.self).split(separator: ",").compactMap { Int($0) }
    }
}

/// The numbers that a pump publishes.
struct Books: Equatable, CustomStringConvertible {
    var recorded = 0
    var exported = 0
    var queueFull = 0
    var rejected = 0
    var expired = 0
    var shutdown = 0
    var queued = 0

    var isBalanced: Bool { recorded == exported + queueFull + rejected + expired + shutdown + queued }

    var description: String {
        "recorded \(recorded), exported \(exported), queue_full \(queueFull), rejected \(rejected), "
            + "expired \(expired), shutdown \(shutdown), queued \(queued)"
    }
}

extension Books {
    init(_ registry: MetricRegistry, prefix: String) {
        let snapshot = registry.snapshot()
        func number(_ name: String, _ labels: LabelSet = .empty) -> Int {
            switch snapshot["\(prefix).\(name)", labels] {
            case .counter(let value), .gauge(let value): Int(value)
            default: -1
            }
        }
        self.init(
            recorded: number("recorded"),
            exported: number("exported"),
            queueFull: number("dropped", ["reason": "queue_full"]),
            rejected: number("dropped", ["reason": "rejected"]),
            expired: number("dropped", ["reason": "expired"]),
            shutdown: number("dropped", ["reason": "shutdown"]),
            queued: number("queued")
        )
    }
}

/// Keeps what a pump says to a person.
final class Troubles: Sendable {
    private let storage = Mutex<[String]>([])

    var sentences: [String] { storage.withLock { $0 } }

    func add(_ sentence: String) { storage.withLock { $0.append(sentence) } }
}

/// A pump of numbers with a fake backend.
struct PumpUnderTest {
    let registry = MetricRegistry()
    let sender: FakeSender
    let pump: BatchPump<Int>
    let troubles = Troubles()

    init(
        _ sender: FakeSender = FakeSender(),
        spool: DiskSpool? = nil,
        _ adjust: (inout DeliveryConfiguration) -> Void = { _ in }
    ) {
        var configuration = DeliveryConfiguration()
        configuration.interval = .milliseconds(5)
        configuration.backoff = Backoff(initial: .milliseconds(1), maximum: .milliseconds(4))
        configuration.flushTimeout = .seconds(30)
        configuration.batchSize = 10
        adjust(&configuration)
        self.sender = sender
        pump = BatchPump(
            configuration: configuration,
            prefix: "test",
            factory: registry,
            spool: spool,
            sender: sender,
            reportTrouble: { [troubles] in troubles.add($0) },
            encode: FakeSender.message
        )
    }

    var books: Books { Books(registry, prefix: "test") }

    func offer(_ numbers: some Sequence<Int>) {
        for number in numbers { pump.offer(number) }
    }

    /// Runs the pump while the body goes on, then cancels it and waits for its end.
    func run(while body: () async throws -> Void) async rethrows {
        let running = Task { await pump.run() }
        defer { running.cancel() }
        try await body()
        running.cancel()
        await running.value
    }
}
