// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatDelivery

extension BatchPump<[UInt8]>.Configuration {
    /// The push exporters' own defaults, with room for a number of messages.
    package static func forMessages(capacity: Int) -> Self {
        var delivery = PushExporter.Configuration().delivery
        delivery.queueCapacity = capacity
        return delivery
    }
}
