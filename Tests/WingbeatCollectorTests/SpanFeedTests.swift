// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatModel

@testable import WingbeatCollector

@Suite("Watching spans as they are stored")
struct SpanFeedTests {
    @Test("who watches sees what was stored since it began, once")
    func plain() async throws {
        let subject = IntakeUnderTest()
        try await subject.intake.accept([newTrace[0]])
        let watch = try #require(subject.intake.feed.watch())
        try await subject.intake.accept([newTrace[1]])
        try await subject.intake.accept([newTrace[2]])
        #expect(watch.take()?.spans == [newTrace[1], newTrace[2]])
        let nothing = try #require(watch.take())
        #expect(nothing.spans.isEmpty && nothing.skipped == 0)
    }

    @Test("what is not stored is not shown")
    func failed() async throws {
        let subject = IntakeUnderTest()
        let watch = try #require(subject.intake.feed.watch())
        subject.store.fail(with: SpanStoreError.busy)
        try? await subject.intake.accept(newTrace)
        #expect(watch.take()?.spans.isEmpty == true)
    }

    @Test("who is slow is told how many it missed, and nobody waits for it")
    func slow() throws {
        let feed = SpanFeed(maximumWaitingSpans: 5)
        let slow = try #require(feed.watch())
        let quick = try #require(feed.watch())
        feed.publish(newTrace)
        #expect(quick.take()?.spans.count == 4)
        feed.publish(newTrace)
        let seen = try #require(slow.take())
        #expect(seen.spans == newTrace + [newTrace[0]] && seen.skipped == 3)
        #expect(quick.take()?.skipped == 0)
    }

    @Test("places are few, and free again when a watch is let go of")
    func places() throws {
        let feed = SpanFeed(maximumWatchers: 1)
        var watch = feed.watch()
        #expect(watch != nil && feed.watch() == nil)
        watch = nil
        #expect(feed.watch() != nil)
    }

    @Test("at the end everybody sees what is left, and then the end")
    func end() async throws {
        let subject = IntakeUnderTest()
        let watch = try #require(subject.intake.feed.watch())
        try await subject.intake.accept([newTrace[0]])
        try await subject.intake.close()
        #expect(watch.take()?.spans.count == 1)
        #expect(watch.take() == nil)
        #expect(subject.intake.feed.watch() == nil)
    }
}
