// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Instrumentation

/// W3C baggage: the header `baggage`, which code reads and sets as `ServiceContext.baggage`.
public struct W3CBaggagePropagator: Propagator {
    /// The longest header that is carried, in bytes.
    public static let limit = Baggage.maximumBytes

    /// The format has no settings.
    public init() {}

    /// Reads `baggage`; where it has no members, the context keeps what it had.
    public func extract(_ header: (String) -> String?, into context: inout ServiceContext) {
        guard let value = header("baggage") else { return }
        let baggage = Baggage(header: value)
        if !baggage.isEmpty { context.baggage = baggage }
    }

    /// Writes `baggage`, unless there is none.
    public func inject(_ context: ServiceContext, set: (_ name: String, _ value: String) -> Void) {
        let baggage = context.baggage
        if !baggage.isEmpty { set("baggage", baggage.header) }
    }
}
