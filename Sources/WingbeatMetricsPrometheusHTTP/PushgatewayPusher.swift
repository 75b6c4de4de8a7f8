// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatDelivery
import WingbeatDeliveryHTTP
import WingbeatMetrics
import WingbeatMetricsPrometheus
import WingbeatMetricsPush

/// Pushes the newest reading, whichever was queued: sums since the start say what older ones said, so only one is kept
/// while the gateway is away.
///
/// What waits in the queue is therefore empty: it means that a push is due.
final class PushgatewayPusher: MetricEncoder, ByteSender {
    private let encoder = PrometheusTextEncoder()
    private let pushing: HTTPSender
    private let deleting: HTTPSender?
    private let newest = Mutex<[UInt8]>([])
    private let listener = Mutex<@Sendable (String) -> Void>({ _ in })

    init(url: String, method: String, deletesOnEnd: Bool) {
        var configuration = HTTPSender.Configuration(url: url, contentType: encoder.contentType)
        configuration.method = method
        pushing = HTTPSender(configuration)
        configuration.method = "DELETE"
        configuration.timeout = .seconds(5)
        deleting = deletesOnEnd ? HTTPSender(configuration) : nil
    }

    /// Names who is told when the group could not be deleted.
    func onTrouble(_ report: @escaping @Sendable (String) -> Void) { listener.withLock { $0 = report } }

    func encode(_ reading: MetricSnapshot, at unixNanoseconds: UInt64) -> [[UInt8]] {
        let body = encoder.encode(reading)
        newest.withLock { $0 = body }
        return [[]]
    }

    func send(_ bytes: [UInt8]) async throws(DeliveryError) {
        try await pushing.send(newest.withLock { $0 })
    }

    func close() async {
        await pushing.close()
        guard let deleting else { return }
        do throws(DeliveryError) {
            try await deleting.send([])
        } catch {
            let report = listener.withLock { $0 }
            report("the group was not deleted: \(error)")
        }
        await deleting.close()
    }
}
