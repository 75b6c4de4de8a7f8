// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatDelivery
import WingbeatTraces
import WingbeatTracesReporting

/// A place for finished spans that `Telemetry.configure` knows.
public enum SpanExporter: String, Hashable, Sendable, CaseIterable {
    /// A Zipkin endpoint: ``TelemetryConfiguration/zipkin``.
    case zipkin
    /// An OpenTelemetry endpoint over HTTP: ``TelemetryConfiguration/otlp``.
    case otlp
    /// A line for each span on standard error.
    case console
}

extension TelemetryConfiguration {
    /// Where spans are posted as Zipkin spans; nil where they are not. Setting nil sends spans nowhere.
    public var spanEndpoint: String? {
        get { spanExporters.contains(.zipkin) ? zipkin.url : nil }
        set {
            guard let newValue else { return spanExporters = [] }
            zipkin.url = newValue
            if !spanExporters.contains(.zipkin) { spanExporters.append(.zipkin) }
        }
    }

    /// Reads what the environment says of spans and where they go.
    mutating func readSpanExport(_ variables: EnvironmentVariables) {
        readLimits(variables)
        readExporters(variables)
        readBatches(variables)  // first, for an exporter's own time limit wins
        readZipkin(variables)
        readOTLP(variables)
    }

    /// A span's own limit wins over the one for everything with attributes.
    private mutating func readLimits(_ variables: EnvironmentVariables) {
        let all: [WritableKeyPath<SpanLimits, Int>] = [\.attributes, \.attributesPerEvent, \.attributesPerLink]
        let limits: [(name: String, places: [WritableKeyPath<SpanLimits, Int>])] = [
            ("OTEL_ATTRIBUTE_COUNT_LIMIT", all), ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", [\.attributes]),
            ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", [\.attributesPerEvent]),
            ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", [\.attributesPerLink]), ("OTEL_SPAN_EVENT_COUNT_LIMIT", [\.events]),
            ("OTEL_SPAN_LINK_COUNT_LIMIT", [\.links]), ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", [\.valueLength]),
            ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", [\.valueLength]),
        ]
        for (name, places) in limits {
            set(variables, name, aPositiveNumber) { configuration, text in
                guard let limit = positive(text) else { return false }
                for place in places { configuration.spanLimits[keyPath: place] = limit }
                return true
            }
        }
    }

    private mutating func readExporters(_ variables: EnvironmentVariables) {
        let hasOTLP = ["", "TRACES_"].contains { variables["OTEL_EXPORTER_OTLP_\($0)ENDPOINT"] != nil }
        if hasOTLP, variables["OTEL_EXPORTER_ZIPKIN_ENDPOINT"] == nil { spanExporters = [.otlp] }
        set(variables, "OTEL_TRACES_EXPORTER", "a list of zipkin, otlp and console, or none") { configuration, text in
            let names = commaSeparated(text).map(String.init)
            let chosen = names.compactMap(SpanExporter.init)
            guard names == ["none"] || chosen.count == names.count else { return false }
            configuration.spanExporters = chosen
            return true
        }
    }

    private mutating func readZipkin(_ variables: EnvironmentVariables) {
        set(variables, "OTEL_EXPORTER_ZIPKIN_ENDPOINT", anURL) { configuration, text in
            guard isURL(text) else { return false }
            configuration.zipkin.url = text
            return true
        }
        set(variables, "OTEL_EXPORTER_ZIPKIN_TIMEOUT", someMilliseconds) { configuration, text in
            assign(milliseconds(text), to: &configuration.zipkin.timeout)
        }
    }

    /// The variables for traces win over those for all signals.
    private mutating func readOTLP(_ variables: EnvironmentVariables) {
        set(variables, "OTEL_EXPORTER_OTLP_ENDPOINT", anURL) { configuration, text in
            guard isURL(text) else { return false }
            configuration.otlp.url = text + (text.hasSuffix("/") ? "v1/traces" : "/v1/traces")
            return true
        }
        set(variables, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", anURL) { configuration, text in
            guard isURL(text) else { return false }
            configuration.otlp.url = text
            return true
        }
        for name in ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"] {
            set(variables, name, "key=value,key=value") { assign(headers($1), to: &$0.otlp.headers) }
        }
        for name in ["OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"] {
            set(variables, name, someMilliseconds) { assign(milliseconds($1), to: &$0.otlp.timeout) }
        }
        for name in ["OTEL_EXPORTER_OTLP_COMPRESSION", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION"] {
            set(variables, name, "gzip or none") {
                assign(["gzip": true, "none": false][$1], to: &$0.otlp.isCompressed)
            }
        }
        for name in ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] {
            set(variables, name, "http/protobuf or http/json (there is no gRPC)") {
                assign(["http/protobuf": .protobuf, "http/json": .json][$1], to: &$0.otlp.encoding)
            }
        }
    }

    private mutating func readBatches(_ variables: EnvironmentVariables) {
        set(variables, "OTEL_BSP_MAX_QUEUE_SIZE", aPositiveNumber) {
            assign(positive($1), to: &$0.spanDelivery.queueCapacity)
        }
        set(variables, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", aPositiveNumber) {
            assign(positive($1), to: &$0.spanDelivery.batchSize)
        }
        set(variables, "OTEL_BSP_SCHEDULE_DELAY", someMilliseconds) {
            assign(milliseconds($1), to: &$0.spanDelivery.interval)
        }
        set(variables, "OTEL_BSP_EXPORT_TIMEOUT", someMilliseconds) {
            assign(milliseconds($1), to: &$0.zipkin.timeout) && assign(milliseconds($1), to: &$0.otlp.timeout)
        }
    }

    private mutating func set(
        _ variables: EnvironmentVariables,
        _ name: String,
        _ expected: String,
        _ set: (inout TelemetryConfiguration, String) -> Bool
    ) {
        guard let text = variables[name], !set(&self, text) else { return }
        ignore(.invalidSetting(name: name, value: text, expected: expected))
    }
}

private let anURL = "http:// or https:// and a host"
private let aPositiveNumber = "a whole number above 0"
private let someMilliseconds = "a number of milliseconds above 0"

private func isURL(_ text: String) -> Bool {
    ["http://", "https://"].contains { text.hasPrefix($0) && text.count > $0.count }
}

/// - Returns: false where there is nothing to assign.
private func assign<Value>(_ value: Value?, to place: inout Value) -> Bool {
    guard let value else { return false }
    place = value
    return true
}

private func positive(_ text: String) -> Int? {
    Int(text).flatMap { $0 > 0 ? $0 : nil }
}

/// At most a month, so that no sum of times overflows.
private func milliseconds(_ text: String) -> Duration? {
    positive(text).map { .milliseconds(min($0, 30 * 86_400_000)) }
}

private func headers(_ text: String) -> [(name: String, value: String)]? {
    var headers: [(name: String, value: String)] = []
    for pair in commaSeparated(text) {
        let parts = pair.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let value = parts[1].trimmingSpaces.percentDecoded() else { return nil }
        headers.append((String(parts[0].trimmingSpaces), value))
    }
    return headers
}
