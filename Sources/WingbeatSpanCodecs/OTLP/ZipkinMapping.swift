// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

/// How OTLP says what only Zipkin has a field for, and back.
///
/// | Zipkin | OTLP |
/// |---|---|
/// | `localEndpoint.serviceName` | the resource's `service.name` |
/// | `localEndpoint` address, port | attributes `net.host.ip`, `net.host.port` |
/// | `remoteEndpoint.serviceName` | attribute `peer.service` |
/// | `remoteEndpoint` address, port | attributes `net.peer.ip`, `net.peer.port` |
/// | `debug` | attribute `zipkin.debug`, where it is true |
/// | `shared` | attribute `zipkin.shared`, in every span that has an endpoint or is shared |
/// | tags `error`, `otel.status_code` | the tags as they are, and the status |
///
/// These attributes stand behind the span's own, from `zipkin.shared` on; so a reader of ours can tell them from tags.
/// Where the span has a tag of that key already, `zipkin.` stands before the key.
///
/// What does not come back: which name of a local endpoint and a resource with attributes was whose; a local endpoint
/// without a name where there is a resource; a status that says no more than the tags of such a span.
///
/// Source: the Zipkin translator of OpenTelemetry's collector; the keys that begin with `zipkin.` are our own.
package enum ZipkinMapping {
    static let shared = "zipkin.shared"
    static let debug = "zipkin.debug"
    private static let prefix = "zipkin."

    /// The service of the span's own endpoint, where its resource has another name or none.
    static func serviceName(of span: borrowing SpanRecord) -> String? {
        guard let local = span.sharedLocalEndpoint?.value.serviceName else { return nil }
        return local == span.sharedResource?.value.serviceName ? nil : local
    }

    /// What is written behind the attributes of the span; nothing for most.
    static func attributes(of span: borrowing SpanRecord) -> [Attribute] {
        guard isZipkin(span) || span.isDebug else { return [] }
        var added: [Attribute] = []
        if span.isDebug { added.append(Attribute(debug, true)) }
        guard isZipkin(span) else { return added }
        added.append(Attribute(shared, .bool(span.isShared)))
        let own = Set(span.attributes.map(\.key))
        for (key, value) in parts(of: span) {
            let isTaken = own.contains(key) || added.contains { $0.key == key }
            added.append(Attribute(isTaken ? prefix + key : key, value))
        }
        return added
    }

    /// The span's status; where it has none but is Zipkin's, what its tags say.
    static func status(of span: borrowing SpanRecord) -> SpanRecord.Status {
        guard case .unset = span.status, isZipkin(span) else { return span.status }
        return status(saidBy: span.attributes)
    }

    private static func isZipkin(_ span: borrowing SpanRecord) -> Bool {
        span.sharedLocalEndpoint != nil || span.sharedRemoteEndpoint != nil || span.isShared
    }

    private static func parts(of span: borrowing SpanRecord) -> [(key: String, value: AttributeValue)] {
        var parts: [(String, AttributeValue)] = []
        let local = span.sharedLocalEndpoint?.value ?? NetworkEndpoint()
        let remote = span.sharedRemoteEndpoint?.value ?? NetworkEndpoint()
        if let address = local.ipv4 { parts.append(("net.host.ip", .string(address))) }
        if let address = local.ipv6 { parts.append(("net.host.ip", .string(address))) }
        if let port = local.port { parts.append(("net.host.port", .int(Int64(port)))) }
        if let name = remote.serviceName { parts.append(("peer.service", .string(name))) }
        if let address = remote.ipv4 { parts.append(("net.peer.ip", .string(address))) }
        if let address = remote.ipv6 { parts.append(("net.peer.ip", .string(address))) }
        if let port = remote.port { parts.append(("net.peer.port", .int(Int64(port)))) }
        return parts
    }

    private static func status(saidBy tags: [Attribute]) -> SpanRecord.Status {
        let error = tags.last { $0.key == "error" }?.value
        switch tags.last(where: { $0.key == "otel.status_code" })?.value {
        case .string("OK"): return .ok
        case .string("ERROR"):
            let description = tags.last { $0.key == "otel.status_description" }?.value ?? error
            return .error(description?.description ?? "")
        default: break
        }
        guard let error, error != .bool(false) else { return .unset }
        return .error(error == "true" || error == true ? "" : error.description)
    }
}

extension ZipkinMapping {
    /// Gives a span that was read from OTLP what ``attributes(of:)`` and ``status(of:)`` said of it.
    package static func restore(_ span: inout SpanRecord) {
        restoreEndpoints(&span)
        guard let index = span.attributes.lastIndex(where: { $0 == Attribute(debug, true) }) else { return }
        span.attributes.remove(at: index)
        span.isDebug = true
    }

    private static func restoreEndpoints(_ span: inout SpanRecord) {
        guard let mark = span.attributes.lastIndex(where: { $0.key == shared }),
            case .bool(let isShared) = span.attributes[mark].value
        else { return }
        var local = NetworkEndpoint()
        var remote = NetworkEndpoint()
        let others = span.attributes[(mark + 1)...].filter { !take($0, local: &local, remote: &remote) }
        span.attributes.replaceSubrange(mark..., with: others)
        span.isShared = isShared
        takeServiceName(of: &span, for: &local)
        span.localEndpoint = local.isEmpty ? nil : local
        span.remoteEndpoint = remote.isEmpty ? nil : remote
        if status(saidBy: span.attributes) == span.status { span.status = .unset }
    }

    /// A resource that has nothing but a name is the local endpoint's name.
    private static func takeServiceName(of span: inout SpanRecord, for local: inout NetworkEndpoint) {
        guard let resource = span.resource else { return }
        if !resource.serviceName.isEmpty { local.serviceName = resource.serviceName }
        if resource == Resource(serviceName: resource.serviceName) { span.sharedResource = nil }
    }

    /// False when the attribute is no part of an endpoint.
    private static func take(
        _ attribute: Attribute,
        local: inout NetworkEndpoint,
        remote: inout NetworkEndpoint
    ) -> Bool {
        let key = attribute.key.hasPrefix(prefix) ? attribute.key.dropFirst(prefix.count) : Substring(attribute.key)
        switch (key, attribute.value) {
        case ("net.host.ip", .string(let address)): return local.setAddress(address)
        case ("net.peer.ip", .string(let address)): return remote.setAddress(address)
        case ("net.host.port", .int(let port)): return setPort(port, of: &local)
        case ("net.peer.port", .int(let port)): return setPort(port, of: &remote)
        case ("peer.service", .string(let name)):
            remote.serviceName = name
            return true
        default: return false
        }
    }

    private static func setPort(_ port: Int64, of endpoint: inout NetworkEndpoint) -> Bool {
        guard let valid = UInt16(exactly: port) else { return false }
        endpoint.port = valid
        return true
    }
}
