// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatDelivery
public import WingbeatMetrics
public import WingbeatMetricsPush

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension PushExporter {
    /// Prints the registry to standard output, as a table: counters and histograms since the start.
    ///
    /// While standard output takes nothing, up to eight tables wait, and newer ones are dropped and counted; when it is
    /// closed they all are.
    ///
    /// - Parameters:
    ///   - configuration: how often.
    ///   - registry: what is read.
    ///   - reportTrouble: called with a sentence for a person when delivery stops, goes on, or loses something.
    public static func console(
        _ configuration: ConsoleConfiguration = ConsoleConfiguration(),
        registry: MetricRegistry = .shared,
        reportTrouble: @escaping @Sendable (String) -> Void = { _ in }
    ) -> PushExporter {
        var push = Configuration()
        push.interval = configuration.interval
        push.sendsDifferences = false
        push.wantsQuantiles = true
        push.delivery.queueCapacity = 8
        return PushExporter(
            name: "console",
            registry: registry,
            encoder: ConsoleEncoder(),
            sender: StreamSender(descriptor: STDOUT_FILENO),
            configuration: push,
            reportTrouble: reportTrouble
        )
    }
}
