// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import WingbeatCollector

/// What is to be done now and then: seals what an hour that is over left in memory, closes its file, deletes old ones.
///
/// Sendable unchecked: the timer is only cancelled.
final class Maintenance: @unchecked Sendable {
    private static let interval = DispatchTimeInterval.seconds(5)

    private let work: Work
    private let timer: any DispatchSourceTimer

    init(_ parts: StoreParts, clock: Clock) {
        let work = Work(parts: parts, clock: clock)
        self.work = work
        timer = DispatchSource.makeTimerSource(queue: parts.sealerQueue)
        timer.schedule(deadline: .now() + Self.interval, repeating: Self.interval)
        timer.setEventHandler { work.tidy() }
        timer.activate()
    }

    deinit {
        timer.cancel()
    }

    /// Does now what the timer does.
    func tidy() async {
        await work.onWriter { $0.growing.sealWhenFull() }
        await work.onSealer { _ in self.work.tidy() }
    }

    /// Seals everything and closes the file.
    func sealAll() async {
        await work.onWriter { try? $0.growing.seal() }
        await work.onSealer { parts in
            guard (try? parts.sealer.finish()) != nil else { return }
            parts.files.closeCurrent()
        }
    }

    private struct Work: Sendable {
        let parts: StoreParts
        let clock: Clock

        /// On the sealer's queue.
        func tidy() {
            parts.writerQueue.async { parts.growing.sealWhenFull() }
            if let current = parts.files.current, current.name.hour < clock.hour,
                !parts.view.now.heads.contains(where: { $0.hour == current.name.hour })
            {
                parts.files.closeCurrent()
            }
            parts.retention.enforce(now: clock.now)
        }

        func onWriter(_ body: @escaping @Sendable (StoreParts) -> Void) async {
            await run(body, on: parts.writerQueue)
        }

        func onSealer(_ body: @escaping @Sendable (StoreParts) -> Void) async {
            await run(body, on: parts.sealerQueue)
        }

        private func run(_ body: @escaping @Sendable (StoreParts) -> Void, on queue: DispatchQueue) async {
            await withCheckedContinuation { done in
                queue.async {
                    body(parts)
                    done.resume()
                }
            }
        }
    }
}
