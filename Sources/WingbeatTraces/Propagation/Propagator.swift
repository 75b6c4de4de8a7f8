// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Instrumentation
import WingbeatModel

/// A format in which the trace context crosses process borders.
///
/// Headers are read and set by name; the names are those of the format's specification, and carriers that do not
/// care about case (HTTP fields) find them in any case.
public protocol Propagator: Sendable {
    /// Reads the format's headers. A header that is missing or malformed changes nothing, and neither does one of a trace
    /// where the context has a trace already; where a header was repeated or joined with commas (or, as Vapor does, with
    /// semicolons), the first well-formed value counts.
    ///
    /// - Parameters:
    ///   - header: the value of a header; of one that was repeated all values, joined with commas.
    ///   - context: gets what was found; what else it holds is kept.
    func extract(_ header: (String) -> String?, into context: inout ServiceContext)

    /// Sets the format's headers.
    func inject(_ context: ServiceContext, set: (_ name: String, _ value: String) -> Void)
}

/// The formats that a tracer understands and those that it speaks.
public struct Propagators: Sendable {
    /// All are read, in this order; of those that find a trace the first counts.
    public var extract: [any Propagator]
    /// All are written.
    public var inject: [any Propagator]

    /// The formats to understand and to speak.
    public init(extract: [any Propagator], inject: [any Propagator]) {
        self.extract = extract
        self.inject = inject
    }

    /// Understands W3C Trace Context, B3 in both forms and W3C baggage; speaks the W3C formats.
    public static var standard: Propagators {
        Propagators(
            extract: [W3CTraceContextPropagator(), B3SinglePropagator(), B3MultiPropagator(), W3CBaggagePropagator()],
            inject: [W3CTraceContextPropagator(), W3CBaggagePropagator()]
        )
    }
}
