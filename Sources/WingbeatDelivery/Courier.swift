// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Takes batches out of the queue and brings them to the backend, in one task.
final class Courier<Element: Sendable> {
    let job: BatchPump<Element>.Job
    let queue: BoundedQueue<Element>
    private let wake: WakeSignal
    private let account: DeliveryAccount
    let ending: Ending
    /// The spool, where there is one and it can be used.
    var spool: OpenSpool?
    /// For the oldest message of the spool.
    var spoolPatience: Patience
    /// Whether it was told that the spool takes no more.
    var isSpoolFull = false
    var outage = Outage()

    init(
        _ job: BatchPump<Element>.Job,
        _ queue: BoundedQueue<Element>,
        _ wake: WakeSignal,
        _ account: DeliveryAccount,
        _ ending: Ending
    ) {
        self.job = job
        self.queue = queue
        self.wake = wake
        self.account = account
        self.ending = ending
        spoolPatience = Patience(limit: job.configuration.retryLimit)
    }

    /// Delivers until the end begins, then flushes.
    func work() async {
        openSpool()
        var isGoingOn = true
        while isGoingOn, !ending.hasBegun {
            isGoingOn = await drain(atLeast: await waitForWork())
            if isGoingOn { isGoingOn = await sendSpooled() }
            account.publish()
        }
        if isGoingOn { isGoingOn = await drain(atLeast: 1) }
        if isGoingOn { _ = await sendSpooled() }
        await end()
    }

    /// - Returns: how many elements are enough for a batch now.
    private func waitForWork() async -> Int {
        let size = job.configuration.batchSize
        if queue.count >= size { return size }
        return await wake.wait(
            upTo: outage.wait(within: job.configuration.interval, hasSpooled: spool?.isEmpty == false)
        )
            ? 1 : size
    }

    /// Delivers what waits, as long as it is enough for a batch.
    ///
    /// - Returns: false when the end came first.
    private func drain(atLeast least: Int) async -> Bool {
        while queue.count >= (ending.hasBegun ? 1 : least) {
            guard await deliver(Batch(queue.take(atMost: job.configuration.batchSize))) else { return false }
        }
        return true
    }

    /// Closes the books.
    private func end() async {
        let left = queue.abandon(keeping: spool?.elements ?? 0)
        if left > 0 { job.reportTrouble("\(left) are dropped, for they could not be delivered before the end") }
        account.publish()
        await job.sender.close()
    }

    private func deliver(_ batch: Batch<Element>) async -> Bool {
        defer { job.release(batch.takeElements()) }
        return await deliver(batch, encoded: job.encode(batch.elements))
    }

    private func deliver(_ batch: Batch<Element>, encoded message: [UInt8]) async -> Bool {
        if spool?.isEmpty == false { return await keep(batch, message) }
        var patience = Patience(limit: job.configuration.retryLimit)
        while true {
            switch await attempt(message, count: batch.count, &patience, isDivisible: true) {
            case .settled: return true
            case .tooLarge: return await deliverHalves(of: batch)
            case .failed(let pause):
                outage.nextAttempt = .now + pause
                if spool != nil { return await keep(batch, message) }
                if ending.hasBegun { return false }
                await ending.wait(upTo: pause)
            }
        }
    }

    private func deliverHalves(of batch: Batch<Element>) async -> Bool {
        for half in batch.halves {
            guard await deliver(half, encoded: job.encode(half.elements)) else { return false }
        }
        return true
    }
}

/// The elements of one message.
final class Batch<Element> {
    private(set) var elements: [Element]

    init(_ elements: [Element]) {
        self.elements = elements
    }

    var count: Int { elements.count }

    var halves: [Batch] {
        let middle = elements.count / 2
        return [Batch(Array(elements[..<middle])), Batch(Array(elements[middle...]))]
    }

    /// Gives the elements away, so that the one who gets them is the only one who has them.
    func takeElements() -> [Element] {
        defer { elements = [] }
        return elements
    }
}
