// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatCollector

/// The settings that Zipkin's server reads from the environment, by Zipkin's names.
///
/// A variable that is missing or empty leaves the default. One that makes no sense is an error that names the variable,
/// its value and what was expected: a collector that starts with other settings than it was given would be worse.
public struct ZipkinEnvironment: Sendable {
    /// `STORAGE_TYPE`, as it is written; nil when it is not said.
    public let storageType: String?
    /// `MEM_MAX_SPANS`: how many spans are kept in memory.
    public let maximumSpansInMemory: Int
    /// `STRICT_TRACE_ID`, `SEARCH_ENABLED`, `AUTOCOMPLETE_KEYS` and `QUERY_TIMEOUT`.
    public let store: SpanStoreOptions
    /// `QUERY_LOG_LEVEL` in the words of swift-log; nil when it is not said.
    public let logLevel: String?
    private let queryEnabled: Bool
    private let collectorHTTPEnabled: Bool
    private let uiEnabled: Bool
    private let namesMaxAge: Int
    private let lookback: Int64
    private let allowedOrigins: AllowedOrigins
    private let page: ZipkinPageSettings

    /// A variable whose value makes no sense.
    public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
        /// Which one, what it says and what was expected.
        public let description: String
    }

    /// Reads and checks all of them.
    ///
    /// - Parameter get: the value of a variable; nil when it is not set.
    public init(_ get: @escaping (String) -> String?) throws(Invalid) {
        let variables = ZipkinVariables(get: get)
        storageType = variables.text("STORAGE_TYPE")
        maximumSpansInMemory = try variables.integer("MEM_MAX_SPANS", in: 1...1_000_000_000) ?? 500_000
        var options = SpanStoreOptions()
        options.strictTraceID = try variables.bool("STRICT_TRACE_ID") ?? true
        options.searchEnabled = try variables.bool("SEARCH_ENABLED") ?? true
        options.autocompleteKeys = Set(variables.list("AUTOCOMPLETE_KEYS"))
        options.queryTimeout = try variables.duration("QUERY_TIMEOUT") ?? options.queryTimeout
        store = options
        logLevel = try variables.logLevel("QUERY_LOG_LEVEL")
        queryEnabled = try variables.bool("QUERY_ENABLED") ?? true
        let alias = try variables.bool("HTTP_COLLECTOR_ENABLED")
        collectorHTTPEnabled = try variables.bool("COLLECTOR_HTTP_ENABLED") ?? alias ?? true
        uiEnabled = try variables.bool("UI_ENABLED") ?? true
        namesMaxAge = try variables.integer("QUERY_NAMES_MAX_AGE", in: 0...31_536_000) ?? 300
        lookback = try variables.integer("QUERY_LOOKBACK", in: 1...Int64.max) ?? 86_400_000
        allowedOrigins = AllowedOrigins(variables.list("ZIPKIN_QUERY_ALLOWED_ORIGINS"))
        page = try ZipkinPageSettings(variables)
    }

    /// Sets what the server has to know.
    public func apply(to configuration: inout CollectorServer.Configuration) {
        configuration.queryEnabled = queryEnabled
        configuration.collectorHTTPEnabled = collectorHTTPEnabled
        configuration.uiEnabled = uiEnabled
        configuration.namesMaxAge = namesMaxAge
        configuration.defaultLookback = lookback
        configuration.allowedOrigins = allowedOrigins
        configuration.page = page
        configuration.queryTimeout = store.queryTimeout
        configuration.searchEnabled = store.searchEnabled
        configuration.autocompleteKeys = store.autocompleteKeys
    }
}
