// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Testing
import WingbeatLogs

@Suite("Structured loggers: pairs")
struct StructuredLoggerTests {
    private let watched = WatchedLogger()
    private var log: StructuredLogger { watched.structured }

    /// The same pairs as logfmt and as JSON, from the message on.
    private func both(_ body: (StructuredLogger) -> Void) -> [String] {
        let sinks = [InMemoryLogSink(), InMemoryLogSink()]
        let encoders: [any LogEncoder] = [LogfmtEncoder(fields: .fewest), JSONLinesEncoder(fields: .fewest)]
        let outputs = zip(encoders, sinks).map { LogOutput(encoder: $0, sink: $1) }
        body(StructuredLogger(label: "shop", pipeline: LogPipeline(LogConfiguration(outputs: outputs))))
        return sinks.flatMap(\.lines)
    }

    @Test("a message alone is a line")
    func empty() {
        log.info("")
        log.info("m", pairs: [])
        #expect(watched.lines == ["level=info logger=shop msg=", "level=info logger=shop msg=m"])
    }

    @Test("no pair to eight are written in their order")
    func counts() {
        log.info("m")
        log.info("m", ("z", 1))
        log.info("m", ("z", 1), ("y", 2))
        log.info("m", ("z", 1), ("y", 2), ("x", 3))
        log.info("m", ("z", 1), ("y", 2), ("x", 3), ("w", 4))
        log.info("m", ("z", 1), ("y", 2), ("x", 3), ("w", 4), ("v", 5))
        log.info("m", ("z", 1), ("y", 2), ("x", 3), ("w", 4), ("v", 5), ("u", 6))
        log.info("m", ("z", 1), ("y", 2), ("x", 3), ("w", 4), ("v", 5), ("u", 6), ("t", 7))
        log.info("m", ("z", 1), ("y", 2), ("x", 3), ("w", 4), ("v", 5), ("u", 6), ("t", 7), ("s", 8))
        let pairs = ["z=1", "y=2", "x=3", "w=4", "v=5", "u=6", "t=7", "s=8"]
        #expect(watched.said == (0...8).map { (["msg=m"] + pairs.prefix($0)).joined(separator: " ") })
    }

    @Test("pairs that are not known in advance are written in their order, however many")
    func unknownPairs() {
        log.info("m", pairs: (0..<40).map { ("k\(40 - $0)", $0.logValue) })
        #expect(watched.said == ["msg=m " + (0..<40).map { "k\(40 - $0)=\($0)" }.joined(separator: " ")])
    }

    @Test("a value of each type is written as what it is")
    func types() {
        let lines = both { log in
            log.info("whole", ("a", -42), ("b", Int8.min), ("c", Int16(7)), ("d", Int32.max), ("e", Int64.min))
            log.info(
                "unsigned",
                ("a", 42 as UInt),
                ("b", UInt8.max),
                ("c", UInt16(7)),
                ("d", UInt32.max),
                ("e", UInt64.max)
            )
            log.info("other", ("a", 12.5), ("b", Float(0.1)), ("c", true), ("d", "a b"), ("e", "xyz".dropFirst()))
            log.info(
                "values",
                ("a", LogValue.null),
                ("b", LogValue.bytes([0x61, 0xFF])),
                ("c", "7" as Logger.MetadataValue)
            )
        }
        #expect(
            lines == [
                "level=info msg=whole a=-42 b=-128 c=7 d=2147483647 e=-9223372036854775808",
                "level=info msg=unsigned a=42 b=255 c=7 d=4294967295 e=18446744073709551615",
                #"level=info msg=other a=12.5 b=0.1 c=true d="a b" e=yz"#,
                #"level=info msg=values a=null b="a\ufffd" c=7"#,
                #"{"level":"info","msg":"whole","a":-42,"b":-128,"c":7,"d":2147483647,"e":-9223372036854775808}"#,
                #"{"level":"info","msg":"unsigned","a":42,"b":255,"c":7,"d":4294967295,"e":18446744073709551615}"#,
                #"{"level":"info","msg":"other","a":12.5,"b":0.1,"c":true,"d":"a b","e":"yz"}"#,
                #"{"level":"info","msg":"values","a":null,"b":"a\ufffd","c":"7"}"#,
            ]
        )
    }

    @Test("what there may be is itself, or null where there is nothing, also within a list or a dictionary")
    func optionals() {
        let lines = both { log in
            log.info(
                "m",
                ("a", nil as Int?),
                ("b", 7 as Int?),
                ("c", [1, nil] as [Int?]),
                ("d", ["x": nil] as [String: Bool?])
            )
        }
        #expect(
            lines == [
                "level=info msg=m a=null b=7 c=[1,null] d.x=null",
                #"{"level":"info","msg":"m","a":null,"b":7,"c":[1,null],"d":{"x":null}}"#,
            ]
        )
    }

    @Test("lists and dictionaries keep what is in them, and their keys are sorted")
    func containers() {
        let lines = both { log in
            log.info("m", ("l", [0.5, 2]), ("t", ["a b"]), ("d", ["b": [true], "a": []]), ("e", [String: Int]()))
        }
        #expect(
            lines == [
                #"level=info msg=m l=[0.5,2] t="[\"a b\"]" d.a=[] d.b=[true] e={}"#,
                #"{"level":"info","msg":"m","l":[0.5,2],"t":["a b"],"d":{"a":[],"b":[true]},"e":{}}"#,
            ]
        )
    }

    @Test("an error is its description, and any value of unknown type its text; numbers stay numbers")
    func describing() {
        let lines = both { log in
            let anything: [Any] = [7, 0.5, true, "a b", Refused()]
            log.info("m", pairs: anything.enumerated().map { ("k\($0)", LogValue(describing: $1)) })
        }
        #expect(
            lines == [
                #"level=info msg=m k0=7 k1=0.5 k2=true k3="a b" k4="card refused""#,
                #"{"level":"info","msg":"m","k0":7,"k1":0.5,"k2":true,"k3":"a b","k4":"card refused"}"#,
            ]
        )
    }

    @Test("what is sensitive is not shown, wherever it stands")
    func sensitive() {
        log.with(("user", Sensitive("ada"))).info("m", ("card", Sensitive(4242)), ("all", [Sensitive("x")]))
        #expect(watched.said == [#"msg=m user=[redacted] card=[redacted] all="[\"[redacted]\"]""#])
    }
}
