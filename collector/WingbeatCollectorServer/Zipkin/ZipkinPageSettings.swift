// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes

/// What Zipkin's page is told about the server, at `/zipkin/config.json`: for other pages on top of the same API.
///
/// Source: Zipkin's `ZipkinUiConfiguration`.
public struct ZipkinPageSettings: Sendable {
    /// `ZIPKIN_UI_ENVIRONMENT`: a word beside the title.
    public var environment = ""
    /// `ZIPKIN_UI_QUERY_LIMIT`: how many traces a search asks for.
    public var queryLimit = 10
    /// `ZIPKIN_UI_DEFAULT_LOOKBACK`, in milliseconds.
    public var defaultLookback: Int64 = 900_000
    /// `ZIPKIN_UI_LOGS_URL`, with `{traceId}` in it.
    public var logsURL: String?
    /// `ZIPKIN_UI_SUPPORT_URL`.
    public var supportURL: String?
    /// `ZIPKIN_UI_ARCHIVE_POST_URL`.
    public var archivePostURL: String?
    /// `ZIPKIN_UI_ARCHIVE_URL`, with `{traceId}` in it.
    public var archiveURL: String?
    /// `ZIPKIN_UI_DEPENDENCY_LOW_ERROR_RATE`, from 0 to 1.
    public var lowErrorRate = 0.5
    /// `ZIPKIN_UI_DEPENDENCY_HIGH_ERROR_RATE`, from 0 to 1.
    public var highErrorRate = 0.75

    /// The defaults.
    public init() {}

    init(_ variables: ZipkinVariables) throws(ZipkinEnvironment.Invalid) {
        environment = variables.text("ZIPKIN_UI_ENVIRONMENT") ?? environment
        queryLimit = try variables.integer("ZIPKIN_UI_QUERY_LIMIT", in: 1...1_000_000) ?? queryLimit
        defaultLookback = try variables.integer("ZIPKIN_UI_DEFAULT_LOOKBACK", in: 1...Int64.max) ?? defaultLookback
        logsURL = variables.text("ZIPKIN_UI_LOGS_URL")
        supportURL = variables.text("ZIPKIN_UI_SUPPORT_URL")
        archivePostURL = variables.text("ZIPKIN_UI_ARCHIVE_POST_URL")
        archiveURL = variables.text("ZIPKIN_UI_ARCHIVE_URL")
        lowErrorRate = try variables.share("ZIPKIN_UI_DEPENDENCY_LOW_ERROR_RATE") ?? lowErrorRate
        highErrorRate = try variables.share("ZIPKIN_UI_DEPENDENCY_HIGH_ERROR_RATE") ?? highErrorRate
    }

    func json(searchEnabled: Bool) -> [UInt8] {
        var fields: [(String, ZipkinJSON)] = [
            ("environment", .text(environment)), ("queryLimit", .number("\(queryLimit)")),
            ("defaultLookback", .number("\(defaultLookback)")), ("searchEnabled", .bool(searchEnabled)),
        ]
        let links = [
            ("logsUrl", logsURL), ("supportUrl", supportURL), ("archivePostUrl", archivePostURL),
            ("archiveUrl", archiveURL),
        ]
        fields += links.compactMap { name, link in link.map { (name, .text($0)) } }
        let dependency: [(String, ZipkinJSON)] = [
            ("enabled", .bool(true)), ("lowErrorRate", .number("\(lowErrorRate)")),
            ("highErrorRate", .number("\(highErrorRate)")),
        ]
        return ZipkinJSON.object(fields + [("dependency", .object(dependency))]).pretty
    }
}

/// JSON as Zipkin's server prints it for people: a field on each line, a space on both sides of its colon.
indirect enum ZipkinJSON {
    case text(String)
    case number(String)
    case bool(Bool)
    case object([(String, ZipkinJSON)])

    var pretty: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes, indentation: "")
        return bytes
    }

    private func write(to bytes: inout [UInt8], indentation: String) {
        switch self {
        case .text(let text): bytes.append(jsonString: text)
        case .number(let number): bytes += number.utf8
        case .bool(let value): bytes += value ? "true".utf8 : "false".utf8
        case .object(let fields):
            bytes += "{".utf8
            for (index, (name, value)) in fields.enumerated() {
                bytes += "\(index > 0 ? "," : "")\n\(indentation)  ".utf8
                bytes.append(jsonString: name)
                bytes += " : ".utf8
                value.write(to: &bytes, indentation: indentation + "  ")
            }
            bytes += "\n\(indentation)}".utf8
        }
    }
}
