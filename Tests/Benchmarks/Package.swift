// swift-tools-version:6.2
import PackageDescription

// A package of its own, so that whoever depends on Wingbeat never meets the benchmarks. Without traits it compiles
// only the core.

let package = Package(
    name: "wingbeat-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "wingbeat", path: "../..", traits: []),
        .package(name: "protobuforacle", path: "../ProtobufOracle"),
        .package(url: "https://github.com/apple/swift-protobuf.git", from: "1.39.0", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.0"),
    ],
    targets: [
        // The raw limits: each operation written by hand in C, as small as it can be.
        .target(name: "CLimits", linkerSettings: [.linkedLibrary("sqlite3")]),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "CLimits",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "OTLPMessages", package: "protobuforacle"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "WingbeatCollector", package: "wingbeat"),
                .product(name: "WingbeatLogs", package: "wingbeat"),
                .product(name: "WingbeatMetrics", package: "wingbeat"),
                .product(name: "WingbeatMetricsPrometheus", package: "wingbeat"),
                .product(name: "WingbeatModel", package: "wingbeat"),
                .product(name: "WingbeatSpanCodecs", package: "wingbeat"),
                .product(name: "WingbeatTraces", package: "wingbeat"),
            ],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
