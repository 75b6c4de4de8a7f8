// swift-tools-version:6.2
import PackageDescription

// A consumer of the three signals without traits: Tests/Integration/test_lean_consumer.py looks at what it fetches.
let package = Package(
    name: "leanconsumer",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "wingbeat", path: "../..", traits: [])],
    targets: [
        .executableTarget(
            name: "LeanConsumer",
            dependencies: [
                .product(name: "WingbeatLogs", package: "wingbeat"),
                .product(name: "WingbeatMetrics", package: "wingbeat"),
                .product(name: "WingbeatTraces", package: "wingbeat"),
            ]
        )
    ],
    swiftLanguageModes: [.v6]
)
