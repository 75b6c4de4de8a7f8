// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

/// What Jaeger's tags say of a span: those that show its trace, and those by which traces are searched.
///
/// | span | Jaeger |
/// |---|---|
/// | attributes | tags of their type; lists and maps are texts in JSON |
/// | `scope` | tags `otel.scope.name`, `otel.scope.version` |
/// | `remoteEndpoint` | tags `peer.service`, `peer.ipv4`, `peer.ipv6`, `peer.port` |
/// | `kind` | tag `span.kind` |
/// | a status of error, Zipkin's tag `error` | tag `error`, true; a text in `error` is moved to `error.message` |
/// | `status` | tags `otel.status_code`, `otel.status_description` |
/// | `traceState` | tag `w3c.tracestate` |
/// | `resource`, `localEndpoint` | tags of the process; the address is `ip` and `port` |
///
/// Source: Jaeger's translators from OTLP and Zipkin, and OpenTracing's semantic conventions.
package enum JaegerMapping {
    /// The name that stands for a service that nobody named: Jaeger's readers need one.
    package static let unknownService = "unknown_service"

    /// Keys of tags that are made here, so that a search by an attribute of that key would not find all of them.
    package static let derivedKeys: Set<String> = [
        "error", "error.message", "ip", "otel.scope.name", "otel.scope.version", "otel.status_code",
        "otel.status_description", "peer.ipv4", "peer.ipv6", "peer.port", "peer.service", "port", "span.kind",
        "w3c.tracestate",
    ]

    /// The tags of the span, each once.
    package static func tags(of span: SpanRecord) -> [Attribute] {
        var tags: [Attribute] = []
        if let scope = span.scope {
            if !scope.name.isEmpty { tags.append(Attribute("otel.scope.name", scope.name)) }
            if !scope.version.isEmpty { tags.append(Attribute("otel.scope.version", scope.version)) }
        }
        tags += attributes(of: span)
        if let remote = span.remoteEndpoint { tags += endpoint(remote) }
        if let kind = span.kind { tags.append(Attribute("span.kind", kind.jaegerName)) }
        tags += status(of: span)
        if !span.traceState.isEmpty { tags.append(Attribute("w3c.tracestate", span.traceState)) }
        return unique(tags)
    }

    /// The tags of the process that recorded the span, each once.
    package static func processTags(of span: SpanRecord) -> [Attribute] {
        var tags = span.resource?.attributes ?? []
        if let address = span.localEndpoint?.ipv4 { tags.append(Attribute("ip", address)) }
        if let address = span.localEndpoint?.ipv6 { tags.append(Attribute("ip", address)) }
        if let port = span.localEndpoint?.port { tags.append(Attribute("port", .int(Int64(port)))) }
        return unique(tags)
    }

    /// The span's own attributes; a text of Zipkin's tag `error` goes where Jaeger shows it.
    private static func attributes(of span: SpanRecord) -> [Attribute] {
        span.attributes.map { attribute in
            guard attribute.key == "error", case .string(let text) = attribute.value, text != "true" else {
                return attribute
            }
            return Attribute("error.message", text)
        }
        .filter { !($0.key == "error" && span.isError) }
    }

    private static func status(of span: SpanRecord) -> [Attribute] {
        var tags = span.isError ? [Attribute("error", true)] : []
        switch span.status {
        case .unset: break
        case .ok: tags.append(Attribute("otel.status_code", "OK"))
        case .error(let description):
            tags.append(Attribute("otel.status_code", "ERROR"))
            if !description.isEmpty { tags.append(Attribute("otel.status_description", description)) }
        }
        return tags
    }

    private static func endpoint(_ remote: NetworkEndpoint) -> [Attribute] {
        var tags: [Attribute] = []
        if let name = remote.serviceName { tags.append(Attribute("peer.service", name)) }
        if let address = remote.ipv4 { tags.append(Attribute("peer.ipv4", address)) }
        if let address = remote.ipv6 { tags.append(Attribute("peer.ipv6", address)) }
        if let port = remote.port { tags.append(Attribute("peer.port", .int(Int64(port)))) }
        return tags
    }

    /// Fragments of one span may say the same twice.
    private static func unique(_ tags: [Attribute]) -> [Attribute] {
        var seen: Set<Attribute> = []
        return tags.filter { seen.insert($0).inserted }
    }
}

extension SpanRecord.Kind {
    /// The value of the tag `span.kind`.
    package var jaegerName: String {
        switch self {
        case .client: "client"
        case .server: "server"
        case .producer: "producer"
        case .consumer: "consumer"
        case .internal: "internal"
        }
    }

    /// The kind of a tag `span.kind`; nil where it is none.
    package init?(jaegerName: String) {
        switch jaegerName {
        case "client": self = .client
        case "server": self = .server
        case "producer": self = .producer
        case "consumer": self = .consumer
        case "internal": self = .internal
        default: return nil
        }
    }
}
