// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import WingbeatMetrics

/// Many threads that come and go count in many series of one registry, while it is read all the time.
///
/// Tests/ThreadSanitizer compiles this file, too.
struct CounterStress: Sendable {
    var threads = 100
    var increments = 100_000
    var series = 1_000
    /// How many threads live at the same time.
    var atOnce = 16

    struct Outcome: Sendable {
        var sums: [Double] = []
        var observed: UInt64 = 0
        var readings = 0
        /// How many numbers were smaller than in the reading before.
        var shrunk = 0
    }

    func run() -> Outcome {
        let registry = MetricRegistry()
        let requests = registry.counter("requests", labels: ["method", "route"])
        let sizes = registry.histogram("sizes", buckets: Buckets([1, 10, 100]), labels: ["route"])
        let gone = registry.counter("gone", labels: ["number"])
        let isDone = Atomic<Bool>(false)
        let readerEnded = DispatchSemaphore(value: 0)
        let outcome = Mutex(Outcome())
        let reader = Thread {
            let read = Self.read(registry) { isDone.load(ordering: .acquiring) }
            outcome.withLock { $0 = read }
            readerEnded.signal()
        }
        reader.start()
        inThreads { number in
            for count in 0..<increments {
                let index = (count &* 7 &+ number) % series
                requests["GET", "/\(index)"].increment()
                if count.isMultiple(of: 8) { sizes["/\(index % 10)"].observe(Double(count % 128)) }
                if count.isMultiple(of: 512) { gone.remove(gone["\(index % 50)"]) }
            }
        }
        isDone.store(true, ordering: .releasing)
        readerEnded.wait()
        var result = outcome.withLock { $0 }
        result.sums = (0..<series).map { requests["GET", "/\($0)"].value }
        result.observed = (0..<10).reduce(0) { sum, route in
            guard case .histogram(let sizes)? = registry.snapshot()["sizes", ["route": "/\(route)"]] else { return sum }
            return sum + sizes.count
        }
        return result
    }

    private static func read(_ registry: MetricRegistry, until isDone: () -> Bool) -> Outcome {
        var outcome = Outcome()
        var last: [String: Double] = [:]
        while !isDone() {
            outcome.readings += 1
            for family in registry.snapshot().families where family.descriptor.name == "requests" {
                for series in family.series {
                    guard case .counter(let value) = series.value else { continue }
                    let key = series.labels.labels.map(\.value).joined(separator: " ")
                    if value < last[key, default: 0] { outcome.shrunk += 1 }
                    last[key] = value
                }
            }
        }
        return outcome
    }

    /// Starts the next thread as soon as one has ended.
    private func inThreads(_ body: @escaping @Sendable (Int) -> Void) {
        let places = DispatchSemaphore(value: atOnce)
        let ended = DispatchSemaphore(value: 0)
        for number in 0..<threads {
            places.wait()
            Thread {
                body(number)
                places.signal()
                ended.signal()
            }.start()
        }
        for _ in 0..<threads { ended.wait() }
    }
}
