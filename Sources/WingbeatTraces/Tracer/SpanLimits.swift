// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// How much one span may hold. What is more is left out and counted, in the span and by the tracer.
///
/// Source: OpenTelemetry specification, "Span Limits", whose defaults these are but for the length of values, which it
/// does not limit.
public struct SpanLimits: Hashable, Sendable {
    /// Attributes of a span, with different keys.
    public var attributes = 128
    /// Events of a span.
    public var events = 128
    /// Links of a span.
    public var links = 128
    /// Attributes of each event.
    public var attributesPerEvent = 128
    /// Attributes of each link.
    public var attributesPerLink = 128
    /// Bytes of a text (in UTF-8) or of other bytes in an attribute; longer ones are cut, texts between two characters.
    public var valueLength = 65_536

    /// The defaults.
    public init() {}
}
