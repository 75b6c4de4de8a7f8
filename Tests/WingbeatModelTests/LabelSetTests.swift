// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatModel

@Suite("Sets of labels")
struct LabelSetTests {
    @Test("a set without labels is the empty set, however it was made")
    func empty() {
        #expect(LabelSet.empty.labels.isEmpty)
        #expect(LabelSet([Label]()) == .empty)
        #expect(LabelSet([(String, String)]()) == .empty)
        #expect([:] == LabelSet.empty)
        #expect(LabelSet([Label]()).hashValue == LabelSet.empty.hashValue)
    }

    @Test("labels are sorted by name")
    func sorted() {
        let set: LabelSet = ["method": "GET", "code": "200", "route": "/"]
        #expect(set.labels == [Label("code", "200"), Label("method", "GET"), Label("route", "/")])
    }

    @Test("the order in which labels were given never matters, for equality nor for the hash")
    func orderDoesNotMatter() {
        var generator = SeededGenerator(seed: 3)
        let labels = (0..<12).map { Label("name_\($0)", "value_\($0 % 3)") }
        let set = LabelSet(labels)
        for _ in 0..<200 {
            let shuffled = LabelSet(labels.shuffled(using: &generator))
            #expect(shuffled == set)
            #expect(shuffled.hashValue == set.hashValue)
        }
        #expect(Set([set, LabelSet(labels.reversed())]).count == 1)
    }

    @Test("of a name that is given twice the last value wins, wherever it stands")
    func lastWins() {
        #expect(LabelSet([("a", "1"), ("a", "2")]) == ["a": "2"])
        #expect(LabelSet([("a", "1"), ("b", "x"), ("a", "2"), ("a", "3")]) == ["b": "x", "a": "3"])
        #expect(LabelSet([("a", "2"), ("a", "1")]).labels == [Label("a", "1")])
    }

    @Test("another value, another name or one label more is another set")
    func differences() {
        let set: LabelSet = ["a": "1", "b": "2"]
        #expect(set != ["a": "1", "b": "3"])
        #expect(set != ["a": "1", "c": "2"])
        #expect(set != ["a": "1"])
        #expect(set != ["a": "1", "b": "2", "c": ""])
        #expect(set != ["a": "2", "b": "1"])
        #expect(["a": ""] != LabelSet.empty)
    }

    @Test("a set finds what was stored under an equal set")
    func asKey() {
        var values: [LabelSet: Int] = [:]
        for number in 0..<1_000 { values[["number": String(number), "kind": "even"]] = number }
        #expect(values.count == 1_000)
        #expect((0..<1_000).allSatisfy { values[["kind": "even", "number": String($0)]] == $0 })
    }
}
