// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import Testing
import WingbeatCollector
import WingbeatCollectorServer

@Suite("Zipkin's variables of the environment")
struct ZipkinEnvironmentTests {
    private func environment(_ variables: [String: String]) throws(ZipkinEnvironment.Invalid) -> ZipkinEnvironment {
        try ZipkinEnvironment { variables[$0] }
    }

    @Test("without any, and where they are empty, Zipkin's defaults hold", arguments: [nil, "", " "])
    func defaults(value: String?) throws {
        let environment = try ZipkinEnvironment { _ in value }
        #expect(environment.storageType == nil)
        #expect(environment.maximumSpansInMemory == 500_000)
        #expect(environment.store.strictTraceID)
        #expect(environment.store.searchEnabled)
        #expect(environment.store.autocompleteKeys.isEmpty)
        #expect(environment.store.queryTimeout == .seconds(11))
        #expect(environment.logLevel == nil)
        var configuration = CollectorServer.Configuration()
        environment.apply(to: &configuration)
        #expect(configuration.queryEnabled && configuration.collectorHTTPEnabled && configuration.uiEnabled)
        #expect(configuration.namesMaxAge == 300)
        #expect(configuration.defaultLookback == 86_400_000)
        #expect(configuration.allowedOrigins == AllowedOrigins())
    }

    @Test("each is read")
    func all() throws {
        let environment = try environment([
            "STORAGE_TYPE": " mem ", "MEM_MAX_SPANS": "1000", "STRICT_TRACE_ID": "false", "SEARCH_ENABLED": "False",
            "AUTOCOMPLETE_KEYS": "env, app ,,", "QUERY_TIMEOUT": "500ms", "QUERY_LOG_LEVEL": "WARN",
            "QUERY_ENABLED": "false", "COLLECTOR_HTTP_ENABLED": "false", "UI_ENABLED": "false",
            "QUERY_NAMES_MAX_AGE": "5", "QUERY_LOOKBACK": "1000",
            "ZIPKIN_QUERY_ALLOWED_ORIGINS": "https://a.example, https://b.example",
        ])
        #expect(environment.storageType == "mem")
        #expect(environment.maximumSpansInMemory == 1000)
        #expect(!environment.store.strictTraceID)
        #expect(!environment.store.searchEnabled)
        #expect(environment.store.autocompleteKeys == ["env", "app"])
        #expect(environment.store.queryTimeout == .milliseconds(500))
        #expect(environment.logLevel == "warning")
        var configuration = CollectorServer.Configuration()
        environment.apply(to: &configuration)
        #expect(!configuration.queryEnabled && !configuration.collectorHTTPEnabled && !configuration.uiEnabled)
        #expect(!configuration.searchEnabled)
        #expect(configuration.autocompleteKeys == ["env", "app"])
        #expect(configuration.queryTimeout == .milliseconds(500))
        #expect(configuration.namesMaxAge == 5)
        #expect(configuration.defaultLookback == 1000)
        #expect(configuration.allowedOrigins == AllowedOrigins(["https://a.example", "https://b.example"]))
    }

    @Test("the older name of a variable is read where the newer is not set")
    func alias() throws {
        func isEnabled(_ variables: [String: String]) throws -> Bool {
            var configuration = CollectorServer.Configuration()
            try environment(variables).apply(to: &configuration)
            return configuration.collectorHTTPEnabled
        }
        #expect(try !isEnabled(["HTTP_COLLECTOR_ENABLED": "false"]))
        #expect(try isEnabled(["HTTP_COLLECTOR_ENABLED": "false", "COLLECTOR_HTTP_ENABLED": "true"]))
    }

    @Test(
        "a timeout has Spring's units",
        arguments: [("11s", 11_000), ("0", 0), ("250", 250), ("250ms", 250), ("2m", 120_000), ("1h", 3_600_000)]
    )
    func timeout(text: String, milliseconds: Int) throws {
        #expect(try environment(["QUERY_TIMEOUT": text]).store.queryTimeout == .milliseconds(milliseconds))
    }

    @Test(
        "a value that makes no sense is refused by name",
        arguments: [
            ("SEARCH_ENABLED", "yes", "neither true nor false"), ("STRICT_TRACE_ID", "0", "neither true nor false"),
            ("MEM_MAX_SPANS", "0", "not a whole number from 1 to 1000000000"),
            ("MEM_MAX_SPANS", "many", "not a whole number from 1 to 1000000000"),
            ("QUERY_LOOKBACK", "-1", "not a whole number from 1 to 9223372036854775807"),
            ("QUERY_LOOKBACK", "99999999999999999999", "not a whole number from 1 to 9223372036854775807"),
            ("QUERY_TIMEOUT", "eleven", "not a duration such as 11s, 500ms, 2m or 0"),
            ("QUERY_TIMEOUT", "-1s", "not a duration such as 11s, 500ms, 2m or 0"),
            ("QUERY_TIMEOUT", "9999999999999999h", "not a duration such as 11s, 500ms, 2m or 0"),
            ("QUERY_TIMEOUT", "１s", "not a duration such as 11s, 500ms, 2m or 0"),
            ("QUERY_LOG_LEVEL", "loud", "not one of TRACE, DEBUG, INFO, WARN, ERROR and OFF"),
            ("ZIPKIN_UI_DEPENDENCY_LOW_ERROR_RATE", "2", "not a number from 0 to 1"),
            ("ZIPKIN_UI_DEPENDENCY_LOW_ERROR_RATE", "nan", "not a number from 0 to 1"),
        ]
    )
    func invalid(name: String, value: String, problem: String) {
        let error = #expect(throws: ZipkinEnvironment.Invalid.self) { try environment([name: value]) }
        #expect(error?.description == "\(name)=\(value) is \(problem)")
    }

    @Test("the page's settings are Zipkin's JSON")
    func page() async throws {
        let environment = try environment([
            "ZIPKIN_UI_ENVIRONMENT": "stage \"1\"", "ZIPKIN_UI_QUERY_LIMIT": "20",
            "ZIPKIN_UI_DEFAULT_LOOKBACK": "60000",
            "ZIPKIN_UI_LOGS_URL": "http://logs/{traceId}", "SEARCH_ENABLED": "false",
            "ZIPKIN_UI_DEPENDENCY_HIGH_ERROR_RATE": "0.9",
        ])
        let response = try await MemoryServer { environment.apply(to: &$0) }.get("/zipkin/config.json")
        #expect(response.headers[.contentType] == "application/json")
        #expect(response.headers[.cacheControl] == "max-age=600")
        #expect(
            response.text == """
                {
                  "environment" : "stage \\"1\\"",
                  "queryLimit" : 20,
                  "defaultLookback" : 60000,
                  "searchEnabled" : false,
                  "logsUrl" : "http://logs/{traceId}",
                  "dependency" : {
                    "enabled" : true,
                    "lowErrorRate" : 0.5,
                    "highErrorRate" : 0.9
                  }
                }
                """
        )
    }
}
