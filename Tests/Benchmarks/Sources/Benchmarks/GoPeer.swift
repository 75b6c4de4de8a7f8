// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A peer written in Go: a program of `Peers` that measures one row and prints its figures.
///
/// It is built with Debian's packages into the scratch folder. Where Go or the package is not installed, the rows say
/// so and go on.
struct GoPeer: Sendable {
    /// client_golang, Prometheus' own library.
    static let clientGolang = GoPeer("client_golang", "metrics", package: "github.com/prometheus/client_golang")
    /// zerolog, which writes JSON without allocating.
    static let zerolog = GoPeer("zerolog", "zerolog", package: "github.com/rs/zerolog")
    /// zap, with typed fields.
    static let zap = GoPeer("zap", "zap", package: "go.uber.org/zap")
    /// go-kit/log, the model of our structured logger.
    static let goKitLog = GoPeer("go-kit/log", "gokitlog", package: "github.com/go-kit/log")
    /// logrus, with its own formatters.
    static let logrus = GoPeer("logrus", "logrus", package: "github.com/sirupsen/logrus")

    /// zipkin-go, Zipkin's own library.
    static let zipkinGo = GoPeer("zipkin-go", "zipkin", package: "github.com/openzipkin/zipkin-go")
    /// OpenTelemetry's SDK.
    static let openTelemetryGo = GoPeer("OpenTelemetry Go", "opentelemetry", package: "go.opentelemetry.io/otel/sdk")

    /// Builds all of them, before a measurement can be disturbed by it.
    static func buildAll() {
        _ = [clientGolang, zerolog, zap, goKitLog, logrus, zipkinGo, openTelemetryGo]
    }

    private static let debianPath = "/usr/share/gocode"
    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Peers").path

    private let library: String
    private let program: String
    private let absence: String?

    private init(_ library: String, _ source: String, package: String) {
        self.library = library
        program = URL(fileURLWithPath: ".build-bench/peers/\(source)").path
        absence = Self.absence(of: package) ?? Self.build(source, as: program)
    }

    /// The figures of a row; without them when the peer is not there.
    func neighbour(_ call: String, row: String, target: Double? = nil) -> Neighbour {
        guard absence == nil else { return Neighbour("\(library): \(absence ?? "")", nil, target: target) }
        guard let report = report(of: row) else { return Neighbour("\(library): failed", nil, target: target) }
        let figures = Figures(nanoseconds: report.ns, allocations: report.allocations, remark: report.remark)
        return Neighbour("\(library) \(report.version) \(call)", figures, target: target)
    }

    /// A line that the program prints.
    private struct Report: Decodable {
        let ns: Double
        let allocations: Double?
        let remark: String?
        let version: String
    }

    private func report(of row: String) -> Report? {
        guard let command = Command("\(Command.word(program)) \(row)"), command.hasSucceeded else { return nil }
        return try? JSONDecoder().decode(Report.self, from: Data(command.output))
    }

    private static func absence(of package: String) -> String? {
        let isThere = "command -v go >/dev/null && test -d \(Command.word("\(debianPath)/src/\(package)"))"
        return Command(isThere)?.hasSucceeded == true ? nil : "not installed"
    }

    private static func build(_ source: String, as program: String) -> String? {
        let environment = "GO111MODULE=off GOPATH=\(debianPath)"
        let build = "\(environment) go build -o \(Command.word(program)) \(source).go harness.go"
        return Command("cd \(Command.word(sources)) && \(build)")?.hasSucceeded == true ? nil : "does not build"
    }
}
