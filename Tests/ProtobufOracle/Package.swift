// swift-tools-version:6.2
import PackageDescription

// What swift-protobuf reads of our OTLP: Tests/Integration/test_otlp.py builds it, and the
// benchmarks measure beside it. It is a package of its own so that
// nobody who uses Wingbeat fetches swift-protobuf.
//
// Sources/OTLPMessages is what protoc 3.21 and protoc-gen-swift 1.39 make of the descriptors in PyPI's
// opentelemetry-proto 1.45.2.
let package = Package(
    name: "protobuforacle",
    platforms: [.macOS(.v15)],
    products: [.library(name: "OTLPMessages", targets: ["OTLPMessages"])],
    dependencies: [.package(url: "https://github.com/apple/swift-protobuf.git", from: "1.39.0", traits: [])],
    targets: [
        .target(name: "OTLPMessages", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")]),
        .executableTarget(
            name: "ProtobufOracle",
            dependencies: ["OTLPMessages", .product(name: "SwiftProtobuf", package: "swift-protobuf")]
        ),
    ],
    swiftLanguageModes: [.v6]
)
