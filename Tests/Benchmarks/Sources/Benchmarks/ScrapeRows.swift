// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CLimits
import WingbeatMetrics
import WingbeatMetricsPrometheus

/// Reading it all as text.
enum ScrapeRows {
    static var all: [Benchmark] { [scrape(of: 10_000, limitTarget: 2), scrape(of: 100_000, limitTarget: 2.5)] }

    private static func scrape(of count: Int, limitTarget: Double) -> Benchmark {
        Benchmark("scrape of \(count) counters") {
            let registry = SampleRequests.registry(of: count)
            var text = PrometheusTextEncoder().encode(registry.snapshot())
            let exposition = exposition_make(text, text.count)
            defer { exposition_free(exposition) }
            tellIfDifferent(text, exposition)
            return Measurement(
                .steady { for _ in 0..<$0 { encode(registry, into: &text) } },
                beside: [
                    Neighbour("C: memcpy of prefixes, itoa", limit(exposition), target: limitTarget),
                    GoPeer.clientGolang.neighbour("Gather, text", row: "scrape_\(count)", target: 1.0 / 250),
                ]
            )
        }
    }

    private static func encode(_ registry: MetricRegistry, into text: inout [UInt8]) {
        text = PrometheusTextEncoder().encode(registry.snapshot())
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
