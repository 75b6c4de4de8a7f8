// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension Courier {
    /// Opens the spool, and the books of what an earlier process left in it.
    func openSpool() {
        guard let configuration = job.spool else { return }
        do throws(SpoolError) {
            let spool = try OpenSpool(configuration)
            self.spool = spool
            queue.recover(spool.elements, damages: spool.damages)
            if spool.elements > 0 { job.reportTrouble("\(spool.elements) of an earlier process are in the spool") }
            if spool.damages > 0 {
                job.reportTrouble("the spool is damaged in \(spool.damages) places; they are skipped")
            }
        } catch {
            job.reportTrouble("the spool cannot be used: \(error)")
        }
    }

    /// Appends a batch to the spool, behind what is there; waits for room when there is none.
    ///
    /// - Returns: false when the end came first.
    func keep(_ batch: Batch<Element>, _ message: [UInt8]) async -> Bool {
        while let spool {
            do throws(SpoolError) {
                try spool.append(message, count: batch.count)
                isSpoolFull = false
                return true
            } catch {
                if !isSpoolFull { job.reportTrouble("the spool takes no more, and the queue fills: \(error)") }
                isSpoolFull = true
                guard !ending.hasBegun else { return false }
            }
            await ending.wait(upTo: outage.wait(within: longestWait, hasSpooled: true))
            guard await makeRoom(in: spool, batch, message) else { continue }
            return true
        }
        return false
    }

    /// Sends the oldest message; where the spool is empty, the batch itself.
    ///
    /// - Returns: whether the batch is settled.
    private func makeRoom(in spool: OpenSpool, _ batch: Batch<Element>, _ message: [UInt8]) async -> Bool {
        if spool.isEmpty {
            switch await attempt(message, count: batch.count, &spoolPatience, isDivisible: false) {
            case .settled: return true
            case .failed(let pause): outage.nextAttempt = .now + pause
            case .tooLarge: break
            }
        } else {
            _ = await sendOldest(of: spool)
        }
        return false
    }

    /// Sends what is in the spool, oldest first, until the backend fails or a batch is full.
    ///
    /// - Returns: false when the backend failed after the end began.
    func sendSpooled() async -> Bool {
        guard let spool else { return true }
        while !spool.isEmpty {
            if !ending.hasBegun {
                if queue.count >= job.configuration.batchSize || ContinuousClock.now < outage.nextAttempt { break }
            }
            guard await sendOldest(of: spool) else { return !ending.hasBegun }
        }
        return true
    }

    /// - Returns: false when the backend failed.
    private func sendOldest(of spool: OpenSpool) async -> Bool {
        let elements = spool.elements
        guard let entry = spool.oldest() else {
            queue.settle(elements, .damaged)
            return true
        }
        switch await attempt(entry.message, count: entry.count, &spoolPatience, isDivisible: false) {
        case .settled, .tooLarge:
            spool.settle(entry)
            spoolPatience.startAnew()
            return true
        case .failed(let pause):
            outage.nextAttempt = .now + pause
            return false
        }
    }
}

/// How long to wait at most for room in the spool before the next look.
private let longestWait: Duration = .seconds(1)
