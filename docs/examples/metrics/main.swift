// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Wingbeat
import WingbeatMetricsConsole

let telemetry = try Telemetry.configure("metrics-example")
let registry = telemetry.registry

// Families: names and help once, the labels' values with each record.
let orders = registry.counter("shop.orders", help: "Orders by country and payment.", labels: ["country", "payment"])
let queued = registry.gauge("shop.queued", help: "Orders that wait to be packed.", labels: ["warehouse"])
let packing = registry.histogram(
    "shop.packing",
    help: "How long packing took.",
    unit: "seconds",
    buckets: .exponential(start: 0.001, factor: 2, count: 12),
    native: 3,
    exemplars: true,
    labels: ["warehouse"]
)

// Values that are asked for when somebody reads, and facts.
registry.gauge("shop.open", help: "1 while the shop takes orders.") { 1 }
registry.info("shop.build", help: "What runs.", ["version": "1.4.2"])

// A series that does not change is kept.
let north = packing["north"]

for number in 1...1000 {
    orders[number.isMultiple(of: 3) ? "nl" : "be", "card"].increment()
    queued["north"].set(number % 7)
    north.observe(.milliseconds(number % 50))
}
_ = north.time { (1...100_000).reduce(0, +) }

// An exporter, attached at run time and detached again; the last reading goes out with it.
let console = PushExporter.console(registry: registry)
telemetry.attach(console)
await telemetry.detach(console)
