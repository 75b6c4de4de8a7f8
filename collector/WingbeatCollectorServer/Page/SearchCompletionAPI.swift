// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import WingbeatBytes
import WingbeatCollector
import WingbeatModel
import WingbeatSpanCodecs

/// `GET /api/search/complete`: what could be written at a place of a search.
struct SearchCompletionAPI: Sendable {
    /// How many choices an answer has at most.
    static let maximumOptions = 20

    struct Option: Equatable {
        let text: String
        /// What kind of thing it is.
        let hint: String
    }

    let store: any SpanStore
    let configuration: CollectorServer.Configuration

    func add(to router: Router<BasicRequestContext>) {
        router.get("/api/search/complete") { request, _ in
            let parameters = try QueryParameters(request)
            let position = try parameters.integer("position").map { Int(clamping: $0) }
            let completion = SearchCompletion(parameters["q"] ?? "", at: position)
            return try await withDeadline(configuration.queryTimeout) {
                let found = try await options(completion)
                return Response.json(Self.json(completion.range, found))
            }
        }
    }

    private func options(_ completion: SearchCompletion) async throws -> [Option] {
        switch completion.subject {
        case .term: try await terms(completion)
        case .value(let key): try await values(of: key, completion).map { Option(text: quoted($0), hint: "value") }
        }
    }

    /// Keys that begin as what is written, then services and operations with a word that does.
    private func terms(_ completion: SearchCompletion) async throws -> [Option] {
        let written = completion.written.lowercased()
        let isBegun = { (name: String) in name.lowercased().hasPrefix(written) }
        let fields = SearchVocabulary.fields.filter(isBegun).map { Option(text: "\($0):", hint: "field") }
        let words = SearchVocabulary.keywords.filter(isBegun).map { Option(text: $0, hint: "keyword") }
        let tags = (configuration.autocompleteKeys.sorted() + SearchVocabulary.tags).filter(isBegun).map {
            Option(text: "\(quoted($0)):", hint: "tag")
        }
        var seen: Set<String> = []
        let first = (fields.prefix(3) + words.prefix(1) + fields.dropFirst(3) + words.dropFirst() + tags).filter {
            seen.insert($0.text).inserted
        }
        let names = written.isEmpty ? [] : try await names(written, completion.service)
        return Array((first.prefix(Self.maximumOptions - min(names.count, 10)) + names).prefix(Self.maximumOptions))
    }

    private func names(_ written: String, _ service: String?) async throws -> [Option] {
        let services = try await store.services().filter { $0.hasWord(beginningWith: written) }
        let operations = if let service { try await store.spanNames(ofService: service) } else { [String]() }
        return services.prefix(10).map { Option(text: "service:\(quoted($0))", hint: "service") }
            + operations.filter { $0.hasWord(beginningWith: written) }.prefix(10)
            .map { Option(text: "name:\(quoted($0))", hint: "operation") }
    }

    private func values(of key: String, _ completion: SearchCompletion) async throws -> [String] {
        let written = completion.written.lowercased()
        let all = try await allValues(of: key, completion.service)
        let beginning = all.filter { $0.lowercased().hasPrefix(written) }
        let others = written.isEmpty ? [] : all.filter { $0.hasWord(beginningWith: written) && !beginning.contains($0) }
        return Array((beginning + others).prefix(Self.maximumOptions))
    }

    private func allValues(of key: String, _ service: String?) async throws -> [String] {
        switch key {
        case "service", "root.service", "service.name": try await store.services()
        case "name", "root.name": try await names(service) { try await store.spanNames(ofService: $0) }
        case "remote": try await names(service) { try await store.remoteServices(ofService: $0) }
        case "has": SearchVocabulary.tags
        default:
            if let known = SearchVocabulary.values[key] { known } else { try await store.tagValues(forKey: key) }
        }
    }

    /// The names of a service, or of the first services where none is said.
    private func names(
        _ service: String?,
        _ ask: @Sendable (String) async throws -> [String]
    ) async throws -> [String] {
        if let service { return try await ask(service) }
        var names: Set<String> = []
        for service in try await store.services().prefix(30) { names.formUnion(try await ask(service)) }
        return names.sorted()
    }

    private func quoted(_ text: String) -> String { SearchCondition.quoted(text) }

    private static func json(_ range: Range<Int>, _ options: [Option]) -> [UInt8] {
        var bytes = Array("{".utf8)
        bytes.append(member: "from")
        bytes.append(decimal: range.lowerBound)
        bytes.append(member: "to")
        bytes.append(decimal: range.upperBound)
        bytes.append(member: "options")
        bytes.append(jsonArray: options) { bytes, option in
            bytes.append(literal: "{\"text\":")
            bytes.append(jsonString: option.text)
            bytes.append(literal: ",\"hint\":")
            bytes.append(jsonString: option.hint)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

/// Words that searches know, and tags that many services have.
enum SearchVocabulary {
    static let fields = [
        "service", "name", "duration", "status", "kind", "remote", "event", "root.service", "root.name",
        "trace.duration", "trace.spans", "trace.errors", "trace", "id", "has",
    ]

    static let keywords = ["error", "OR", "NOT"]

    static let values = [
        "status": ["error", "ok", "unset"], "error": ["true", "false"],
        "kind": ["client", "server", "producer", "consumer", "internal", "unspecified"],
        "duration": ["10ms", "100ms", "500ms", "1s", "5s"], "trace.duration": ["100ms", "500ms", "1s", "5s", "1m"],
        "http.method": methods, "http.request.method": methods,
        "http.status_code": codes, "http.response.status_code": codes,
    ]

    private static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
    private static let codes = [
        "200", "201", "204", "301", "302", "304", "400", "401", "403", "404", "429", "500", "503",
    ]

    /// Sources: OpenTelemetry's semantic conventions; Zipkin's `Tags`.
    static let tags = [
        "http.route", "http.request.method", "http.response.status_code", "http.method", "http.path",
        "http.status_code", "http.url", "url.path", "url.full", "error.type", "exception.type", "server.address",
        "client.address", "peer.service", "db.system", "db.system.name", "db.statement", "db.query.text",
        "db.operation.name", "db.collection.name", "rpc.system", "rpc.service", "rpc.method", "rpc.grpc.status_code",
        "messaging.system", "messaging.destination.name", "service.version", "host.name", "k8s.pod.name",
        "container.id", "deployment.environment.name", "telemetry.sdk.language", "thread.name", "user.id",
    ]
}
