// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatDelivery

@Suite("A pump tells a person when something is wrong")
struct BatchPumpTroubleTests {
    @Test("it says nothing while all is well")
    func well() async {
        let subject = PumpUnderTest()
        await subject.run {
            subject.offer(1...30)
            await eventually("all are exported") { subject.books.exported == 30 }
        }
        #expect(subject.troubles.sentences.isEmpty)
    }

    @Test("an outage is said once when it begins, however many attempts there are, and once when it is over")
    func outage() async {
        let subject = PumpUnderTest(FakeSender([.beAway, .beAway, .beAway]))
        await subject.run {
            subject.offer(1...10)
            await eventually("all are exported") { subject.books.exported == 10 }
        }
        #expect(
            subject.troubles.sentences == [
                "cannot be delivered, and wait until they can be: away", "the backend takes them again",
            ]
        )
    }

    @Test("of several refusals in a row the first is said")
    func refusals() async {
        let subject = PumpUnderTest(FakeSender(finally: .reject))
        await subject.run {
            subject.offer(1...50)
            await eventually("all are refused") { subject.books.rejected == 50 }
        }
        #expect(subject.troubles.sentences == ["refused and dropped: never"])
    }

    @Test("what is left at the end is said with its number")
    func end() async {
        let subject = PumpUnderTest(FakeSender(finally: .beAway))
        await subject.run {
            subject.offer(1...7)
            await eventually("an attempt was made") { subject.sender.attempts > 0 }
        }
        #expect(subject.troubles.sentences.last == "7 are dropped, for they could not be delivered before the end")
    }
}
