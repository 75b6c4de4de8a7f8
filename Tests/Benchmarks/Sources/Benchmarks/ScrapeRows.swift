// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import WingbeatMetrics
import WingbeatMetricsPrometheus

/// Reading it all as text, into a buffer that is kept.
enum ScrapeRows {
    static var oneThread: [Benchmark] { [scrape(of: 10_000), scrape(of: 100_000)] }
    static var manyThreads: [Benchmark] { [scrapeAfterManyThreads] }

    private static let limitTargets = [10_000: 2, 100_000: 2.5]
    /// At 10,000 counters the limit itself is above this.
    private static let peerTargets = [100_000: 1.0 / 250]

    private static func scrape(of series: Int) -> Benchmark {
        Benchmark("scrape of \(series) counters") {
            let (registry, requests) = SampleRequests.family(of: series)
            SampleRequests.count(series, in: requests)
            let (ours, limit) = figures(of: registry)
            let peer = GoPeer.clientGolang.neighbour(
                "Gather, text",
                row: "scrape_\(series)",
                target: peerTargets[series]
            )
            return Measurement(
                ours,
                beside: [Neighbour("C: memcpy of prefixes, itoa", limit, target: limitTargets[series]), peer]
            )
        }
    }

    /// Each thread has cells of its own, and the scrape sums them.
    private static var scrapeAfterManyThreads: Benchmark {
        Benchmark("scrape of 100000 counters, of 8 threads") {
            let (registry, requests) = SampleRequests.family(of: 100_000)
            let writers = Writers(8) { SampleRequests.count(100_000, in: requests) }
            defer { writers.end() }
            let (ours, limit) = figures(of: registry)
            return Measurement(ours, beside: [Neighbour("C: memcpy of prefixes, itoa", limit)])
        }
    }

    private static func figures(of registry: MetricRegistry) -> (ours: Figures, limit: Figures) {
        var text: [UInt8] = []
        encode(registry, into: &text)
        let exposition = exposition_make(text, text.count)
        defer { exposition_free(exposition) }
        tellIfDifferent(text, exposition)
        return (.steady { for _ in 0..<$0 { encode(registry, into: &text) } }, limit(exposition))
    }

    private static func encode(_ registry: MetricRegistry, into text: inout [UInt8]) {
        PrometheusTextEncoder().encode(registry, into: &text)
        black_hole(UInt64(text.count))
    }

    private static func limit(_ exposition: exposition) -> Figures {
        withUnsafePointer(to: exposition) { exposition in
            .steady { for _ in 0..<$0 { black_hole(UInt64(exposition_write(exposition))) } }
        }
    }

    /// The limit writes the samples only.
    private static func tellIfDifferent(_ text: [UInt8], _ exposition: exposition) {
        let size = withUnsafePointer(to: exposition) { exposition_write($0) }
        let samples = text.split(separator: UInt8(ascii: "\n")).filter { $0.first != UInt8(ascii: "#") }
        let limit = UnsafeRawBufferPointer(start: exposition.output, count: size).split(separator: UInt8(ascii: "\n"))
        if !samples.elementsEqual(limit, by: { $0.elementsEqual($1) }) {
            tell("the limit writes another text: compare with care")
        }
    }
}
