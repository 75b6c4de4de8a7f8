// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization
import Testing
import WingbeatLogs

@Suite("Contexts of structured loggers")
struct LogContextTests {
    private let watched = WatchedLogger()
    private var log: StructuredLogger { watched.structured }

    @Test("a logger without a context adds nothing")
    func empty() {
        log.with().info("m", ("k", 1))
        #expect(watched.said == ["msg=m k=1"])
    }

    @Test("contexts stand in the order in which they were added, before the line's own pairs; a prefix before all")
    func prefix() {
        log.with(("a", 123)).with(("b", "c")).with(("p", "first"), at: .prefix).info("message", ("own", 1))
        #expect(watched.said == ["msg=message p=first a=123 b=c own=1"])
    }

    @Test("prefix, context and suffix are mixed as in Go kit, in whatever order they are added")
    func mixed() {
        let expected = "msg=m a=1 b=2 c=3 own=4 z=5 aa=6"
        log.with(("z", 5), at: .suffix).with(("b", 2), ("c", 3)).with(("a", 1), at: .prefix).with(
            ("aa", 6),
            at: .suffix
        )
        .info("m", ("own", 4))
        log.with(("a", 1), at: .prefix).with(("b", 2)).with(("c", 3)).with(("z", 5), ("aa", 6), at: .suffix)
            .info("m", ("own", 4))
        #expect(watched.said == [expected, expected])
    }

    @Test("a later prefix stands before an earlier one, each in its own order")
    func prefixes() {
        log.with(("c", 1), ("d", 2), at: .prefix).with(("a", 3), ("b", 4), at: .prefix).info("m")
        #expect(watched.said == ["msg=m a=3 b=4 c=1 d=2"])
    }

    @Test("a context does not change the logger that it was made from, nor its siblings")
    func parents() {
        let parent = log.with(("a", 1))
        let (first, second) = (parent.with(("b", 1)), parent.with(("b", 2), at: .prefix))
        for log in [first, second, parent, log] { log.info("m") }
        #expect(watched.said == ["msg=m a=1 b=1", "msg=m b=2 a=1", "msg=m a=1", "msg=m"])
    }

    @Test("a value that is asked for is asked once for each line, however many outputs there are")
    func asked() {
        let outputs = (0..<2).map { _ in InMemoryLogSink() }
        let count = Atomic<Int>(0)
        let configuration = LogConfiguration(
            outputs: outputs.map { LogOutput(encoder: LogfmtEncoder(fields: .fewest), sink: $0) }
        )
        let log = StructuredLogger(label: "shop", pipeline: LogPipeline(configuration)).with(("a", 0))
            .with("asked") { count.add(1, ordering: .relaxed).newValue }
        log.info("m")
        log.info("m")
        for output in outputs {
            #expect(output.lines == ["level=info msg=m a=0 asked=1", "level=info msg=m a=0 asked=2"])
        }
    }

    @Test("what is asked for may stand in any place, and have any type")
    func askedPlaces() {
        let log = log.with("last", at: .suffix) { nil as Int? }.with("first", at: .prefix) { "a b" }
            .with("middle") { [1, 2] }
        log.info("m", ("own", 1))
        #expect(watched.said == [#"msg=m first="a b" middle=[1,2] own=1 last=null"#])
    }

    @Test("the pairs of a provider stand before the context, sorted")
    func provider() {
        let provider = Logger.MetadataProvider { ["z": "1", "y": .stringConvertible(2)] }
        let log = StructuredLogger(label: "shop", pipeline: watched.pipeline, metadataProvider: provider)
        log.with(("b", 3), at: .prefix).info("m", ("a", 4))
        #expect(watched.said == ["msg=m y=2 z=1 b=3 a=4"])
    }
}
