// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Who emits the telemetry: a service and what is known of its process (OpenTelemetry's resource).
public struct Resource: Hashable, Sendable {
    /// The attribute `service.name`.
    public var serviceName: String
    /// All other attributes, such as `service.version`, in the order in which they were given.
    public var attributes: [Attribute]

    /// A resource of a service.
    public init(serviceName: String, attributes: [Attribute] = []) {
        self.serviceName = serviceName
        self.attributes = attributes
    }
}
