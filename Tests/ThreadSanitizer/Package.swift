// swift-tools-version:6.2
import PackageDescription

// What threads share without locks, under load: Tests/Integration/test_thread_sanitizer.py builds it with the thread
// sanitizer. It is a package of its own so that only the modules in question are built so.
let package = Package(
    name: "stress",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "wingbeat", path: "../..", traits: []),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.0"),
    ],
    targets: [
        .executableTarget(
            name: "Stress",
            dependencies: [
                .product(name: "WingbeatLogs", package: "wingbeat"),
                .product(name: "WingbeatMetrics", package: "wingbeat"),
                .product(name: "WingbeatModel", package: "wingbeat"),
                .product(name: "WingbeatTraces", package: "wingbeat"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        )
    ],
    swiftLanguageModes: [.v6]
)
