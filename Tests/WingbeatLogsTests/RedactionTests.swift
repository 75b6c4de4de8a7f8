// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Testing
import WingbeatLogs

@Suite("Redaction")
struct RedactionTests {
    private func watched(_ redaction: LogRedaction, _ encoder: any LogEncoder) -> WatchedLogger {
        WatchedLogger {
            $0.redaction = redaction
            $0.outputs[0].encoder = encoder
        }
    }

    /// The pairs as logfmt through a structured logger and as JSON through one of swift-log.
    private func both(_ redaction: LogRedaction, _ metadata: Logger.Metadata) -> [String] {
        let logfmt = watched(redaction, LogfmtEncoder(fields: .fewest))
        let pairs = metadata.sorted { $0.key < $1.key }
        logfmt.structured.info("m", pairs: pairs.map { ($0.key, $0.value.logValue) })
        let json = watched(redaction, JSONLinesEncoder(fields: .fewest))
        json.logger.info("m", metadata: metadata)
        return (logfmt.sink.lines + json.sink.lines).map { line in
            String(line.replacing("level=info msg=m ", with: "").replacing(#""level":"info","msg":"m","#, with: ""))
        }
    }

    @Test("nothing is hidden while nothing is asked for, and an empty line stays empty")
    func empty() {
        #expect(both(LogRedaction(), ["password": "x"]) == ["password=x", #"{"password":"x"}"#])
        let watched = watched(LogRedaction(keys: ["password"]), LogfmtEncoder(fields: .fewest))
        watched.logger.info("password=x")
        #expect(watched.sink.lines == [#"level=info msg="password=x""#])
    }

    @Test("a key is hidden in any case of its letters", arguments: ["password", "PASSWORD", "PassWord"])
    func letterCase(_ key: String) {
        #expect(
            both(LogRedaction(keys: ["passWORD"]), [key: "x", "other": "y"])
                == both(LogRedaction(), [key: "[redacted]", "other": "y"])
        )
    }

    @Test(
        "a key is hidden as the last part of a dotted one, and nowhere else in a name",
        arguments: [
            ("password", true), ("user.password", true), ("a.b.Password", true), (".password", true),
            ("passwords", false), ("mypassword", false), ("my-password", false), ("password.hash", false),
            ("pass", false),
            ("", false), (".", false),
        ]
    )
    func dottedKeys(key: String, isHidden: Bool) {
        let lines = both(LogRedaction(keys: ["Password", "token"]), [key: "secret"])
        for line in lines { #expect(line.contains("secret") != isHidden) }
        #expect(lines.count { $0.contains("[redacted]") } == (isHidden ? 2 : 0))
    }

    @Test("values of every type are hidden by their key")
    func types() {
        let metadata: Logger.Metadata = [
            "a": .stringConvertible(7), "b": .stringConvertible(true), "c": ["x", "y"], "d": ["x": "y"], "e": "",
        ]
        let lines = both(LogRedaction(keys: ["a", "b", "c", "d", "e"]), metadata)
        #expect(
            lines == [
                "a=[redacted] b=[redacted] c=[redacted] d=[redacted] e=[redacted]",
                #"{"a":"[redacted]","b":"[redacted]","c":"[redacted]","d":"[redacted]","e":"[redacted]"}"#,
            ]
        )
    }

    @Test("keys of nested dictionaries are hidden, also those in lists, and what stands beside them is shown")
    func nested() {
        let metadata: Logger.Metadata = [
            "user": ["name": "ada", "Token": "x", "cards": [["token": "x", "kind": "debit"], "plain"]]
        ]
        #expect(
            both(LogRedaction(keys: ["token"]), metadata) == [
                #"user.Token=[redacted] user.cards="[{\"kind\":\"debit\",\"token\":\"[redacted]\"},\"plain\"]" user.name=ada"#,
                #"{"user":{"Token":"[redacted]","cards":[{"kind":"debit","token":"[redacted]"},"plain"],"name":"ada"}}"#,
            ]
        )
    }

    @Test("a dotted key hides what it looks like in a line: that pair, and that key of a nested dictionary")
    func dottedPath() {
        let redaction = LogRedaction(keys: ["user.name"])
        #expect(
            both(redaction, ["user.name": "x", "name": "y"]) == [
                "name=y user.name=[redacted]", #"{"name":"y","user.name":"[redacted]"}"#,
            ]
        )
        let nested: Logger.Metadata = ["user": ["name": "x", "id": ["name": "y"]], "name": "z"]
        #expect(
            both(redaction, nested) == [
                "name=z user.id.name=y user.name=[redacted]",
                #"{"name":"z","user":{"id":{"name":"y"},"name":"[redacted]"}}"#,
            ]
        )
    }

    @Test(
        "what swift-log's attribute marks as sensitive is hidden, wherever it is nested; what it marks as open is shown"
    )
    func attribute() {
        let email = "ada@example.com"
        let metadata: Logger.Metadata = [
            "a": "\(email, attributes: [LogSensitivity.sensitive])", "b": "\(email, attributes: [LogSensitivity.open])",
            "c": ["d": ["\(email, attributes: [LogSensitivity.sensitive])", "x"]],
        ]
        #expect(
            both(LogRedaction(), metadata) == [
                #"a=[redacted] b=ada@example.com c.d="[\"[redacted]\",\"x\"]""#,
                #"{"a":"[redacted]","b":"ada@example.com","c":{"d":["[redacted]","x"]}}"#,
            ]
        )
    }

    @Test("what is sensitive is shown where that is asked for, but keys stay hidden")
    func showsSensitive() {
        var redaction = LogRedaction(keys: ["password"])
        redaction.showsSensitive = true
        let metadata: Logger.Metadata = [
            "a": "\("x", attributes: [LogSensitivity.sensitive])",
            "b": ["\("y", attributes: [LogSensitivity.sensitive])"],
            "password": "\("z", attributes: [LogSensitivity.sensitive])",
        ]
        #expect(
            both(redaction, metadata) == [
                #"a=x b="[\"y\"]" password=[redacted]"#, #"{"a":"x","b":["y"],"password":"[redacted]"}"#,
            ]
        )
    }

    @Test("what stands in place of a value can be chosen, and is escaped as any text")
    func replacement() {
        var redaction = LogRedaction(keys: ["password"])
        redaction.replacement = "* \"secret\"\n"
        #expect(
            both(redaction, ["password": "x"]) == [
                #"password="* \"secret\"\n""#, #"{"password":"* \"secret\"\n"}"#,
            ]
        )
    }

    @Test("pairs of contexts and providers are hidden as those of lines, in both kinds of loggers")
    func everySource() throws {
        let provider = Logger.MetadataProvider { ["token": "x", "p": "1"] }
        var watched = WatchedLogger(provider: provider) { $0.redaction.keys = ["token", "key", "error.message"] }
        watched.logger[metadataKey: "key"] = "x"
        watched.logger.error("m", error: Refused(), metadata: ["event.key": "x"])
        let log = try #require(StructuredLogger(watched.logger)).with("asked.key") { "x" }
        log.info("m", ("own.key", "x"), ("own", Sensitive("x")))
        let hidden = "[redacted]"
        #expect(
            watched.said == [
                "msg=m error.message=\(hidden) error.type=WingbeatLogsTests.Refused event.key=\(hidden) key=\(hidden) p=1 "
                    + "token=\(hidden)",
                "msg=m p=1 token=\(hidden) key=\(hidden) asked.key=\(hidden) own.key=\(hidden) own=\(hidden)",
            ]
        )
    }
}
