// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import WingbeatMetrics
import WingbeatMetricsPush

/// One run of a push exporter over a registry of its own.
struct PushRun {
    let registry = MetricRegistry()
    private let exporter: PushExporter

    /// - Parameter makeExporter: an exporter of the registry, which passes what troubles it on to standard error.
    init(_ makeExporter: (MetricRegistry, @escaping @Sendable (String) -> Void) -> PushExporter) {
        exporter = makeExporter(registry) { FileHandle.standardError.write(Data("\($0)\n".utf8)) }
    }

    /// Records the workload and texts that formats find hard, and exports both when it ends.
    func once() async -> [String: Double] {
        let recorded = await exporting {
            try? await Task.sleep(for: .milliseconds(300))  // until it runs, and histograms keep sketches
            let odd = registry.gauge("probe.odd", labels: ["text"])
            for (number, text) in oddTexts.enumerated() { odd[text].set(number) }
            return Workload(registry: registry).recordOnce(seed: 1)
        }
        return recorded.merging(registry.books(of: exporter.name)) { $1 }
    }

    /// Records a thousand series whose label `text` is made of random bytes, and exports them when it ends.
    func withRandomLabels() async -> [String: Double] {
        let recorded = await exporting {
            var random = SeededGenerator(seed: 1)
            let fuzz = registry.gauge("probe.fuzz", labels: ["n", "text"])
            for number in 0..<1000 { fuzz["\(number)", nastyText(using: &random)].set(number) }
            return ["series": 1000]
        }
        return recorded.merging(registry.books(of: exporter.name)) { $1 }
    }

    /// Increments a counter about a thousand times a second, whatever the backend does, and watches what that costs.
    func steadily(seconds: Int) async -> [String: Double] {
        var increments = 0.0
        var longest = Duration.zero
        var mostQueued = 0.0
        let memory = memoryPeak()
        _ = await exporting {
            let requests = registry.counter("probe.requests", labels: ["method"])
            let end = ContinuousClock.now + .seconds(seconds)
            while ContinuousClock.now < end {
                let start = ContinuousClock.now
                for _ in 0..<10 { requests["GET"].increment() }
                longest = max(longest, start.duration(to: .now))
                increments += 10
                mostQueued = max(mostQueued, registry.books(of: exporter.name)["queued"] ?? 0)
                try? await Task.sleep(for: .milliseconds(10))
            }
            return [:]
        }
        let found = [
            "increments": increments, "longestRecording": longest / .seconds(1), "mostQueued": mostQueued,
            "memoryGrowth": memoryPeak() - memory,
        ]
        return found.merging(registry.books(of: exporter.name)) { $1 }
    }

    private func exporting(_ record: () async -> [String: Double]) async -> [String: Double] {
        let running = Task { [exporter] in await exporter.run() }
        let recorded = await record()
        running.cancel()
        await running.value
        return recorded
    }
}

/// The most memory that the process ever had, in bytes (Linux' `VmHWM`).
private func memoryPeak() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) * 1024
}

/// Values of a label; the gauge of each is its number.
private let oddTexts = [
    "plain", "a b", "a,b", "a=b", "a;b", "a\"b", "a\\b", "a\nb", "a/b", "a.b", "~a", "a|ST[b:c]", "日本 é", "#a", "$a{b}",
]
