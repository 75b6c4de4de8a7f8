// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatCollector

/// Counts what cannot be read, and says it once for each place.
final class DamageCount: Sendable {
    private struct Place: Hashable {
        let file: HourName
        let block: Int64?
    }

    private let places = Mutex<Set<Place>>([])
    private let notice: Notice

    init(notice: @escaping Notice) {
        self.notice = notice
    }

    /// How many blocks and files were found damaged.
    var count: Int { places.withLock { $0.count } }

    /// Runs the body; nil when what it reads is damaged. A query that is over, or cancelled, is not damage.
    func guarding<Result>(_ file: HourFile, block: Int64? = nil, _ body: () throws -> Result?) throws -> Result? {
        do {
            return try body()
        } catch SpanStoreError.timeout {
            throw SpanStoreError.timeout
        } catch let error as CancellationError {
            throw error
        } catch {
            let isNew = places.withLock { places in
                // Enough to tell; a disk that fails everywhere must not fill the memory.
                places.count < 10_000 && places.insert(Place(file: file.name, block: block)).inserted
            }
            if isNew { notice("\(sentence(file, block)): \(reason(error)); its spans are not found") }
            return nil
        }
    }

    private func sentence(_ file: HourFile, _ block: Int64?) -> String {
        block.map { "block \($0) of \(file.path) cannot be read" } ?? "\(file.path) cannot be read"
    }

    private func reason(_ error: any Error) -> String {
        error is SpanBlob.Damaged ? "its bytes are damaged" : "\(error)"
    }
}
