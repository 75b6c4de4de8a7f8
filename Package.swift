// swift-tools-version:6.2
import PackageDescription

// Targets stand bottom-up, in the order of the drawing in docs/architecture.md.
// Heavy dependencies carry trait conditions, so that a consumer who asks for `traits: []` fetches only
// swift-log, swift-metrics, swift-distributed-tracing and swift-service-lifecycle.

let http = TargetDependencyCondition.when(traits: ["HTTP"])
let carriers = TargetDependencyCondition.when(traits: ["HTTP", "Hummingbird"])
let hummingbird = TargetDependencyCondition.when(traits: ["Hummingbird"])
let command = TargetDependencyCondition.when(traits: ["Command"])
let client = TargetDependencyCondition.when(traits: ["HTTP", "Command"])

let package = Package(
    name: "wingbeat",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
    products: [
        .library(name: "Wingbeat", targets: ["Wingbeat"]),
        .library(name: "WingbeatHummingbird", targets: ["WingbeatHummingbird"]),
        .library(name: "WingbeatMetrics", targets: ["WingbeatMetrics"]),
        .library(name: "WingbeatMetricsProcess", targets: ["WingbeatMetricsProcess"]),
        .library(name: "WingbeatMetricsPrometheus", targets: ["WingbeatMetricsPrometheus"]),
        .library(name: "WingbeatMetricsPush", targets: ["WingbeatMetricsPush"]),
        .library(name: "WingbeatMetricsPrometheusHTTP", targets: ["WingbeatMetricsPrometheusHTTP"]),
        .library(name: "WingbeatMetricsStatsD", targets: ["WingbeatMetricsStatsD"]),
        .library(name: "WingbeatMetricsGraphite", targets: ["WingbeatMetricsGraphite"]),
        .library(name: "WingbeatMetricsInfluxDB", targets: ["WingbeatMetricsInfluxDB"]),
        .library(name: "WingbeatMetricsExpvar", targets: ["WingbeatMetricsExpvar"]),
        .library(name: "WingbeatMetricsCirconus", targets: ["WingbeatMetricsCirconus"]),
        .library(name: "WingbeatMetricsConsole", targets: ["WingbeatMetricsConsole"]),
        .library(name: "WingbeatTesting", targets: ["WingbeatTesting"]),
        .library(name: "WingbeatLogs", targets: ["WingbeatLogs"]),
        .library(name: "WingbeatTraces", targets: ["WingbeatTraces"]),
        .library(name: "WingbeatTracesHTTP", targets: ["WingbeatTracesHTTP"]),
        .library(name: "WingbeatTracesReporting", targets: ["WingbeatTracesReporting"]),
        .library(name: "WingbeatModel", targets: ["WingbeatModel"]),
        .library(name: "WingbeatSpanCodecs", targets: ["WingbeatSpanCodecs"]),
        .library(name: "WingbeatCollector", targets: ["WingbeatCollector", "WingbeatCollectorSQLite"]),
        .library(name: "WingbeatCollectorTesting", targets: ["WingbeatCollectorTesting"]),
        .executable(name: "wingbeat", targets: ["WingbeatCommand"]),
    ],
    traits: [
        .trait(name: "HTTP", description: "Send spans over HTTP with AsyncHTTPClient."),
        .trait(name: "Hummingbird", description: "Observe Hummingbird services; the collector's server."),
        .trait(name: "Command", description: "The wingbeat command.", enabledTraits: ["Hummingbird"]),
        .default(enabledTraits: ["HTTP", "Hummingbird", "Command"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.46.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0", traits: []),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin.git", from: "1.5.0"),
    ],
    targets: [
        // Ground
        .target(name: "WingbeatBytes"),
        .target(
            name: "WingbeatModel",
            dependencies: [
                "WingbeatBytes", .product(name: "Instrumentation", package: "swift-distributed-tracing"),
            ]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "WingbeatCompression", dependencies: ["CZlib"]),
        .systemLibrary(name: "CMalloc"),
        .target(name: "WingbeatSpanCodecs", dependencies: ["WingbeatBytes", "WingbeatModel"]),
        .target(
            name: "WingbeatDelivery",
            dependencies: [
                "WingbeatBytes", "WingbeatCompression", "WingbeatModel",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "WingbeatDeliveryHTTP",
            dependencies: [
                "WingbeatCompression", "WingbeatDelivery", "WingbeatModel",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: http),
                .product(name: "NIOCore", package: "swift-nio", condition: http),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: http),
            ]
        ),
        .target(
            name: "WingbeatDeliverySockets",
            dependencies: [
                "WingbeatDelivery",
                .product(name: "NIOCore", package: "swift-nio", condition: http),
                .product(name: "NIOPosix", package: "swift-nio", condition: http),
            ]
        ),

        .target(name: "CWingbeatCells"),
        .target(name: "CWingbeatLine"),
        .target(name: "CWingbeatSpans"),

        // Ideas: the three signals
        .target(
            name: "WingbeatMetrics",
            dependencies: [
                "CWingbeatCells", "WingbeatBytes", "WingbeatModel", .product(name: "Metrics", package: "swift-metrics"),
            ]
        ),
        .target(
            name: "WingbeatLogs",
            dependencies: [
                "CWingbeatCells", "CWingbeatLine", "WingbeatBytes", "WingbeatModel",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "WingbeatTraces",
            dependencies: [
                "CWingbeatCells", "CWingbeatSpans", "WingbeatBytes", "WingbeatModel",
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),

        // Edges
        .target(
            name: "WingbeatMetricsProcess",
            dependencies: [
                "CMalloc", "WingbeatMetrics", "WingbeatModel",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "WingbeatMetricsPrometheus",
            dependencies: ["WingbeatBytes", "WingbeatCompression", "WingbeatMetrics", "WingbeatModel"]
        ),
        .target(
            name: "WingbeatMetricsPush",
            dependencies: [
                "WingbeatDelivery", "WingbeatMetrics", "WingbeatModel",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "WingbeatMetricsPrometheusHTTP",
            dependencies: [
                "WingbeatBytes", "WingbeatDelivery", "WingbeatDeliveryHTTP", "WingbeatMetrics",
                "WingbeatMetricsPrometheus", "WingbeatMetricsPush", "WingbeatModel",
                .product(name: "NIOCore", package: "swift-nio", condition: http),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: http),
                .product(name: "NIOPosix", package: "swift-nio", condition: http),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "WingbeatMetricsStatsD",
            dependencies: [
                "WingbeatBytes", "WingbeatDelivery", "WingbeatDeliverySockets", "WingbeatMetrics",
                "WingbeatMetricsPush",
                "WingbeatModel",
            ]
        ),
        .target(
            name: "WingbeatMetricsGraphite",
            dependencies: [
                "WingbeatBytes", "WingbeatDelivery", "WingbeatDeliverySockets", "WingbeatMetrics",
                "WingbeatMetricsPush",
                "WingbeatModel",
            ]
        ),
        .target(
            name: "WingbeatMetricsInfluxDB",
            dependencies: [
                "WingbeatBytes", "WingbeatCompression", "WingbeatDelivery", "WingbeatDeliveryHTTP",
                "WingbeatDeliverySockets", "WingbeatMetrics", "WingbeatMetricsPush", "WingbeatModel",
            ]
        ),
        .target(
            name: "WingbeatMetricsExpvar",
            dependencies: ["CMalloc", "WingbeatBytes", "WingbeatMetrics", "WingbeatModel"]
        ),
        .target(
            name: "WingbeatMetricsCirconus",
            dependencies: [
                "WingbeatBytes", "WingbeatDelivery", "WingbeatDeliveryHTTP", "WingbeatMetrics", "WingbeatMetricsPush",
                "WingbeatModel",
            ]
        ),
        .target(
            name: "WingbeatMetricsConsole",
            dependencies: [
                "WingbeatBytes", "WingbeatDelivery", "WingbeatMetrics", "WingbeatMetricsPush", "WingbeatModel",
            ]
        ),
        .target(
            name: "WingbeatTracesHTTP",
            dependencies: [
                .product(name: "HTTPTypes", package: "swift-http-types", condition: carriers),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: carriers),
            ]
        ),
        .target(
            name: "WingbeatTracesReporting",
            dependencies: [
                "WingbeatBytes", "WingbeatDelivery", "WingbeatDeliveryHTTP", "WingbeatLogs", "WingbeatModel",
                "WingbeatSpanCodecs", "WingbeatTraces",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),

        // Wiring
        .target(
            name: "Wingbeat",
            dependencies: [
                "WingbeatBytes", "WingbeatLogs", "WingbeatMetrics", "WingbeatMetricsProcess",
                "WingbeatMetricsPrometheus",
                "WingbeatDelivery", "WingbeatMetricsPush", "WingbeatModel", "WingbeatTraces", "WingbeatTracesReporting",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "WingbeatHummingbird",
            dependencies: [
                "Wingbeat", "WingbeatMetricsProcess", "WingbeatMetricsExpvar", "WingbeatMetricsPrometheus",
                "WingbeatTracesHTTP",
                .product(name: "HTTPTypes", package: "swift-http-types", condition: hummingbird),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "NIOCore", package: "swift-nio", condition: hummingbird),
                .product(name: "NIOPosix", package: "swift-nio", condition: hummingbird),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),

        // Beside
        .target(
            name: "WingbeatTesting",
            dependencies: [
                "WingbeatDelivery", "WingbeatMetrics", "WingbeatMetricsPush", "WingbeatModel",
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),

        // The collector
        .target(
            name: "WingbeatCollector",
            dependencies: ["WingbeatModel", "WingbeatSpanCodecs"],
            path: "collector/WingbeatCollector"
        ),
        .systemLibrary(
            name: "CSQLite",
            path: "collector/CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        .target(
            name: "WingbeatCollectorTesting",
            dependencies: ["WingbeatCollector", "WingbeatModel"],
            path: "collector/WingbeatCollectorTesting"
        ),
        .target(
            name: "WingbeatCollectorSQLite",
            dependencies: [
                "CSQLite", "WingbeatBytes", "WingbeatCollector", "WingbeatCompression", "WingbeatModel",
                "WingbeatSpanCodecs",
            ],
            path: "collector/WingbeatCollectorSQLite"
        ),
        .target(
            name: "WingbeatCollectorClickHouse",
            dependencies: [
                "WingbeatBytes", "WingbeatCollector", "WingbeatModel", "WingbeatSpanCodecs",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: client),
                .product(name: "NIOCore", package: "swift-nio", condition: client),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: client),
            ],
            path: "collector/WingbeatCollectorClickHouse"
        ),
        .target(
            name: "WingbeatCollectorForwarding",
            dependencies: [
                "WingbeatCollector", "WingbeatDelivery", "WingbeatDeliveryHTTP", "WingbeatModel", "WingbeatSpanCodecs",
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "collector/WingbeatCollectorForwarding"
        ),
        .target(name: "CWingbeatUI", path: "collector/CWingbeatUI"),
        .target(
            name: "WingbeatCollectorServer",
            dependencies: [
                "CWingbeatUI", "WingbeatBytes", "WingbeatCollector", "WingbeatCompression", "WingbeatMetrics",
                "WingbeatMetricsPrometheus", "WingbeatModel", "WingbeatSpanCodecs",
                .product(name: "HTTPTypes", package: "swift-http-types", condition: hummingbird),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "HummingbirdCore", package: "hummingbird", condition: hummingbird),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio", condition: hummingbird),
                .product(name: "NIOHPACK", package: "swift-nio-http2", condition: hummingbird),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: hummingbird),
                .product(name: "NIOHTTP2", package: "swift-nio-http2", condition: hummingbird),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras", condition: hummingbird),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "collector/WingbeatCollectorServer"
        ),
        .target(
            name: "WingbeatCollectorClient",
            dependencies: [
                "WingbeatBytes", "WingbeatCollector", "WingbeatModel", "WingbeatSpanCodecs",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: client),
                .product(name: "NIOCore", package: "swift-nio", condition: client),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: client),
            ],
            path: "collector/WingbeatCollectorClient"
        ),
        .executableTarget(
            name: "WingbeatCommand",
            dependencies: [
                "WingbeatBytes", "WingbeatCollector", "WingbeatCollectorClickHouse", "WingbeatCollectorClient",
                "WingbeatCollectorForwarding", "WingbeatCollectorServer", "WingbeatCollectorSQLite",
                "WingbeatCompression", "WingbeatDelivery", "WingbeatLogs", "WingbeatMetrics", "WingbeatMetricsProcess",
                "WingbeatModel", "WingbeatSpanCodecs",
                .product(name: "ArgumentParser", package: "swift-argument-parser", condition: command),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "HummingbirdCore", package: "hummingbird", condition: hummingbird),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio", condition: hummingbird),
                .product(name: "NIOPosix", package: "swift-nio", condition: hummingbird),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "collector/WingbeatCommand"
        ),

        // Examples, compiled with the build
        .executableTarget(
            name: "Hello",
            dependencies: [
                "WingbeatHummingbird",
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
            ],
            path: "docs/examples/hello"
        ),
        .executableTarget(
            name: "MetricsExample",
            dependencies: ["Wingbeat", "WingbeatMetricsConsole"],
            path: "docs/examples/metrics"
        ),
        .executableTarget(
            name: "LogsExample",
            dependencies: [
                "Wingbeat", "WingbeatHummingbird",
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
            ],
            path: "docs/examples/logs"
        ),
        .executableTarget(
            name: "TracesExample",
            dependencies: [
                "Wingbeat", "WingbeatHummingbird",
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
            ],
            path: "docs/examples/traces"
        ),
        .executableTarget(
            name: "ExportersExample",
            dependencies: [
                "Wingbeat", "WingbeatMetrics", "WingbeatMetricsCirconus", "WingbeatMetricsConsole",
                "WingbeatMetricsExpvar", "WingbeatMetricsGraphite", "WingbeatMetricsInfluxDB", "WingbeatMetricsProcess",
                "WingbeatMetricsPrometheusHTTP", "WingbeatMetricsStatsD",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "docs/examples/exporters"
        ),
        .executableTarget(
            name: "ReportersExample",
            dependencies: [
                "Wingbeat",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "docs/examples/reporters"
        ),
        .executableTarget(
            name: "StringsvcBack",
            dependencies: [
                "WingbeatHummingbird",
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
            ],
            path: "docs/examples/stringsvc/back"
        ),
        .executableTarget(
            name: "StringsvcFront",
            dependencies: [
                "WingbeatHummingbird",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: http),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "NIOCore", package: "swift-nio", condition: hummingbird),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: hummingbird),
            ],
            path: "docs/examples/stringsvc/front"
        ),

        // Tests
        .target(name: "TestSupport", dependencies: ["WingbeatModel"], path: "Tests/TestSupport"),
        .executableTarget(
            name: "ExporterProbe",
            dependencies: [
                "TestSupport", "Wingbeat", "WingbeatDelivery", "WingbeatDeliveryHTTP", "WingbeatDeliverySockets",
                "WingbeatMetrics",
                "WingbeatMetricsCirconus", "WingbeatMetricsConsole", "WingbeatMetricsExpvar", "WingbeatMetricsGraphite",
                "WingbeatMetricsInfluxDB", "WingbeatMetricsPrometheus", "WingbeatMetricsPrometheusHTTP",
                "WingbeatMetricsPush", "WingbeatMetricsStatsD", "WingbeatModel",
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Tests/ExporterProbe"
        ),
        .executableTarget(
            name: "LogProbe",
            dependencies: ["TestSupport", "WingbeatLogs", .product(name: "Logging", package: "swift-log")],
            path: "Tests/LogProbe"
        ),
        .executableTarget(
            name: "StoreProbe",
            dependencies: [
                "WingbeatCollector", "WingbeatCollectorClickHouse", "WingbeatCollectorTesting", "WingbeatModel",
            ],
            path: "Tests/StoreProbe"
        ),
        .executableTarget(
            name: "TraceProbe",
            dependencies: [
                "Wingbeat", "WingbeatHummingbird",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: http),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "NIOCore", package: "swift-nio", condition: hummingbird),
            ],
            path: "Tests/TraceProbe"
        ),
        .executableTarget(
            name: "CodecProbe",
            dependencies: ["TestSupport", "WingbeatModel", "WingbeatSpanCodecs"],
            path: "Tests/CodecProbe"
        ),
        .executableTarget(
            name: "ReporterProbe",
            dependencies: [
                "Wingbeat",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Tests/ReporterProbe"
        ),
        .testTarget(name: "WingbeatBytesTests", dependencies: ["TestSupport", "WingbeatBytes"]),
        .testTarget(name: "WingbeatModelTests", dependencies: ["TestSupport", "WingbeatModel"]),
        .testTarget(name: "WingbeatCompressionTests", dependencies: ["TestSupport", "WingbeatCompression"]),
        .testTarget(
            name: "WingbeatMetricsTests",
            dependencies: [
                "TestSupport", "WingbeatMetrics", "WingbeatModel",
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]
        ),
        .testTarget(
            name: "WingbeatMetricsProcessTests",
            dependencies: [
                "TestSupport", "WingbeatMetrics", "WingbeatMetricsProcess", "WingbeatMetricsPrometheus",
                "WingbeatModel",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "WingbeatMetricsPrometheusTests",
            dependencies: [
                "TestSupport", "WingbeatCompression", "WingbeatMetrics", "WingbeatMetricsPrometheus", "WingbeatModel",
            ]
        ),
        .testTarget(
            name: "WingbeatMetricsStatsDTests",
            dependencies: [
                "TestSupport", "WingbeatDeliverySockets", "WingbeatMetrics", "WingbeatMetricsStatsD",
                "WingbeatMetricsPush", "WingbeatModel",
            ]
        ),
        .testTarget(
            name: "WingbeatMetricsGraphiteTests",
            dependencies: [
                "TestSupport", "WingbeatDeliverySockets", "WingbeatMetrics", "WingbeatMetricsGraphite",
                "WingbeatMetricsPush", "WingbeatModel", "WingbeatTesting",
            ]
        ),
        .testTarget(
            name: "WingbeatMetricsInfluxDBTests",
            dependencies: [
                "TestSupport", "WingbeatCompression", "WingbeatMetrics", "WingbeatMetricsInfluxDB",
                "WingbeatMetricsPush", "WingbeatModel", "WingbeatTesting",
            ]
        ),
        .testTarget(
            name: "WingbeatMetricsExpvarTests",
            dependencies: [
                "TestSupport", "WingbeatMetrics", "WingbeatMetricsExpvar", "WingbeatMetricsPush", "WingbeatModel",
                "WingbeatTesting",
            ]
        ),
        .testTarget(
            name: "WingbeatMetricsCirconusTests",
            dependencies: [
                "TestSupport", "WingbeatMetrics", "WingbeatMetricsCirconus", "WingbeatMetricsPush", "WingbeatModel",
                "WingbeatTesting",
            ]
        ),
        .testTarget(
            name: "WingbeatMetricsConsoleTests",
            dependencies: [
                "TestSupport", "WingbeatDelivery", "WingbeatMetrics", "WingbeatMetricsConsole", "WingbeatMetricsPush",
                "WingbeatModel",
            ]
        ),
        .testTarget(
            name: "WingbeatMetricsPrometheusHTTPTests",
            dependencies: [
                "TestSupport", "WingbeatMetrics", "WingbeatMetricsPrometheusHTTP", "WingbeatModel",
                .product(name: "NIOCore", package: "swift-nio", condition: http),
                .product(name: "NIOPosix", package: "swift-nio", condition: http),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "WingbeatMetricsPushTests",
            dependencies: [
                "TestSupport", "WingbeatDelivery", "WingbeatMetrics", "WingbeatMetricsPush", "WingbeatModel",
                "WingbeatTesting",
            ]
        ),
        .testTarget(name: "WingbeatLogsTests", dependencies: ["TestSupport", "WingbeatLogs", "WingbeatModel"]),
        .testTarget(
            name: "WingbeatSpanCodecsTests",
            dependencies: ["TestSupport", "WingbeatModel", "WingbeatSpanCodecs"]
        ),
        .testTarget(
            name: "WingbeatTracesTests",
            dependencies: [
                "CWingbeatSpans", "TestSupport", "WingbeatModel", "WingbeatTraces",
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .testTarget(
            name: "WingbeatTracesHTTPTests",
            dependencies: [
                "WingbeatTraces", "WingbeatTracesHTTP",
                .product(name: "HTTPTypes", package: "swift-http-types", condition: carriers),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: carriers),
            ]
        ),
        .testTarget(
            name: "WingbeatDeliveryTests",
            dependencies: [
                "TestSupport", "WingbeatCompression", "WingbeatDelivery", "WingbeatDeliveryHTTP",
                "WingbeatDeliverySockets",
                "WingbeatLogs", "WingbeatMetrics", "WingbeatModel", "WingbeatSpanCodecs", "WingbeatTraces",
                "WingbeatTracesReporting",
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types", condition: hummingbird),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "NIOCore", package: "swift-nio", condition: hummingbird),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .testTarget(
            name: "WingbeatTests",
            dependencies: [
                "Wingbeat", "WingbeatDelivery", "WingbeatLogs", "WingbeatMetrics", "WingbeatMetricsPrometheus",
                "WingbeatMetricsPush", "WingbeatTesting", "WingbeatTraces",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "WingbeatTestingTests",
            dependencies: [
                "WingbeatMetrics", "WingbeatMetricsInfluxDB", "WingbeatMetricsPrometheus", "WingbeatMetricsPush",
                "WingbeatModel", "WingbeatTesting", "WingbeatTraces",
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .testTarget(
            name: "WingbeatHummingbirdTests",
            dependencies: [
                "WingbeatCompression", "WingbeatHummingbird", "WingbeatLogs", "WingbeatMetrics", "WingbeatModel",
                "WingbeatTraces",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: http),
                .product(name: "HTTPTypes", package: "swift-http-types", condition: hummingbird),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "HummingbirdTesting", package: "hummingbird", condition: hummingbird),
                .product(name: "NIOCore", package: "swift-nio", condition: hummingbird),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: hummingbird),
                .product(name: "NIOPosix", package: "swift-nio", condition: hummingbird),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "WingbeatCollectorTests",
            dependencies: ["TestSupport", "WingbeatCollector", "WingbeatCollectorTesting", "WingbeatModel"]
        ),
        .testTarget(
            name: "WingbeatCollectorClientTests",
            dependencies: ["WingbeatCollector", "WingbeatCollectorClient", "WingbeatModel", "WingbeatSpanCodecs"]
        ),
        .testTarget(
            name: "WingbeatCollectorClickHouseTests",
            dependencies: [
                "TestSupport", "WingbeatCollector", "WingbeatCollectorClickHouse", "WingbeatModel",
            ]
        ),
        .testTarget(
            name: "WingbeatCollectorForwardingTests",
            dependencies: [
                "TestSupport", "WingbeatCollector", "WingbeatCollectorForwarding", "WingbeatDelivery",
                "WingbeatMetrics", "WingbeatModel", "WingbeatSpanCodecs",
            ]
        ),
        .testTarget(
            name: "WingbeatCollectorSQLiteTests",
            dependencies: [
                "TestSupport", "CSQLite", "WingbeatBytes", "WingbeatCollector", "WingbeatCollectorSQLite",
                "WingbeatCollectorTesting", "WingbeatModel", "WingbeatSpanCodecs",
            ]
        ),
        .testTarget(
            name: "WingbeatCollectorServerTests",
            dependencies: [
                "TestSupport", "WingbeatBytes", "WingbeatCollector", "WingbeatCollectorServer",
                "WingbeatCollectorSQLite",
                "WingbeatCompression", "WingbeatMetrics", "WingbeatModel", "WingbeatSpanCodecs",
                .product(name: "HTTPTypes", package: "swift-http-types", condition: hummingbird),
                .product(name: "Hummingbird", package: "hummingbird", condition: hummingbird),
                .product(name: "HummingbirdTesting", package: "hummingbird", condition: hummingbird),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio", condition: hummingbird),
                .product(name: "NIOEmbedded", package: "swift-nio", condition: hummingbird),
                .product(name: "NIOHPACK", package: "swift-nio-http2", condition: hummingbird),
                .product(name: "NIOHTTP2", package: "swift-nio-http2", condition: hummingbird),
                .product(name: "NIOPosix", package: "swift-nio", condition: hummingbird),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system && target.type != .plugin {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]
}
