// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Wingbeat

/// What can stand in a line.
func writeLines(_ telemetry: Telemetry) {
    // Two front doors.
    let (id, total) = (42, 12.5)
    let log = telemetry.log
    log.info("order placed", ("id", id), ("total", total))
    let logger = telemetry.logger
    logger.info("order placed", metadata: ["id": .stringConvertible(id), "total": .stringConvertible(total)])

    // Within a span, lines carry its ids.
    withSpan("place") { _ in log.info("order placed", ("id", id), ("total", total)) }

    // A key that every line has already, nested values, nothing, an error, and what a stranger sent.
    log.warning("queue is long", ("level", 9), ("queued", 12_000))
    log.info("packed", ("address", ["city": "Gent", "zip": "9000"]), ("items", ["bolt", "nut"]))
    let coupon: String? = nil
    log.info("coupon looked up", ("coupon", coupon))
    log.error("payment failed", ("error", LogValue(describing: PaymentError.declined)))
    log.info("request", ("agent", "curl\u{1B}[2J\nlevel=error"))

    // Pairs whose number or names are not known in advance.
    let headers = ["accept": "*/*", "host": "shop.example"]
    log.debug("headers", pairs: headers.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })

    // What not everybody may read.
    let email = "ann@example.org"
    log.info("signed in", ("email", Sensitive(email)))
    logger.info("signed in", metadata: ["email": "\(email, attributes: [LogSensitivity.sensitive])"])
}

enum PaymentError: Error {
    case declined
}
