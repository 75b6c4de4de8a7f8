// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Logging
import WingbeatCollector
import WingbeatCollectorForwarding
import WingbeatDelivery
import WingbeatMetrics

/// Where spans are sent on to.
struct ForwardOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Also send every span on: to a collector (http://HOST:9411), an OTLP endpoint (…/v1/traces) or a Zipkin (…/api/v2/spans).",
            valueName: "url"
        )
    )
    var forward: String?

    @Option(help: ArgumentHelp("How much disk spans that wait to be sent on may take.", valueName: "bytes"))
    var forwardBytes = 256 << 20

    func validate() throws {
        guard (1 << 20...1 << 40).contains(forwardBytes) else {
            throw ValidationError("--forward-bytes must be between 1048576 and 1099511627776.")
        }
        do throws(ForwardDestination.Invalid) {
            _ = try forward.map { url throws(ForwardDestination.Invalid) in try ForwardDestination(url) }
        } catch {
            throw ValidationError("--forward: \(error)")
        }
    }

    /// Opens the queue below the data folder; nil when nothing is to be sent on.
    func open(folder: String, registry: MetricRegistry, logger: Logger) throws(SpanStoreError) -> SpanForwarder? {
        guard let forward, let destination = try? ForwardDestination(forward) else { return nil }
        return try SpanForwarder(
            to: destination,
            spool: DiskSpool(directory: folder + "/forward", capacity: forwardBytes),
            factory: registry,
            reportTrouble: { logger.warning("forward: \($0)") }
        )
    }
}
