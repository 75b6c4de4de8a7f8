// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Who emits the telemetry: a service and what is known of its process (OpenTelemetry's resource).
public struct Resource: Hashable, Sendable {
    /// The attribute `service.name`.
    public var serviceName: String
    /// All other attributes, such as `service.version`, in the order in which they were given.
    public var attributes: [Attribute]
    /// How many attributes the emitter left out.
    public var droppedAttributes: UInt32 = 0
    /// Where the meaning of the attributes is written down; empty when unknown.
    public var schemaURL = ""

    /// A resource of a service.
    public init(serviceName: String, attributes: [Attribute] = []) {
        self.serviceName = serviceName
        self.attributes = attributes
    }
}

/// Which library made a span (OpenTelemetry's instrumentation scope).
public struct InstrumentationScope: Hashable, Sendable {
    /// The library's name, such as `wingbeat`.
    public var name: String
    /// Its version; empty when unknown.
    public var version: String
    /// Details, in the order in which they were given.
    public var attributes: [Attribute]
    /// How many attributes the library left out.
    public var droppedAttributes: UInt32 = 0
    /// Where the meaning of the attributes is written down; empty when unknown.
    public var schemaURL = ""

    /// A scope of a library.
    public init(name: String, version: String = "", attributes: [Attribute] = []) {
        self.name = name
        self.version = version
        self.attributes = attributes
    }
}
