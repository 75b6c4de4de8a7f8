// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatMetrics

extension ExponentialCounts {
    /// The same values at a schema, or at a coarser one where that would have too many buckets; at least at -4, the
    /// coarsest that Prometheus knows.
    func fitted(to schema: Int, maximumBuckets: Int) -> ExponentialCounts {
        var fitted = coarsened(to: min(max(schema, -4), 8))
        while fitted.positive.count + fitted.negative.count > maximumBuckets, fitted.schema > -4 {
            fitted = fitted.coarsened(to: fitted.schema - 1)
        }
        return fitted
    }
}

extension [UInt8] {
    /// Appends the fields of the message `Histogram` that make it a native one.
    ///
    /// The zero bucket is never of no width: by its width Prometheus knows a native histogram without values.
    mutating func append(native counts: ExponentialCounts) {
        append(field: 5, zigzag: Int64(counts.schema))
        append(field: 6, double: Swift.max(counts.zeroThreshold, leastZeroThreshold))
        append(field: 7, varint: counts.zeroCount)
        append(counts.negative, spanField: 9, deltaField: 10)
        append(counts.positive, spanField: 12, deltaField: 13)
    }

    /// Appends buckets as spans of neighbours, and the differences of their counts.
    private mutating func append(_ buckets: [ExponentialCounts.Bucket], spanField: Int, deltaField: Int) {
        guard !buckets.isEmpty else { return }
        var end = 0
        for span in buckets.spans {
            append(field: spanField) { bytes in
                bytes.append(field: 1, zigzag: Int64(span.lowerBound - end))
                bytes.append(field: 2, varint: UInt64(span.count))
            }
            end = span.upperBound
        }
        append(field: deltaField) { bytes in
            var last: UInt64 = 0
            for bucket in buckets {
                bytes.append(zigzag: Int64(bitPattern: bucket.count &- last))
                last = bucket.count
            }
        }
    }
}

extension [ExponentialCounts.Bucket] {
    /// The ranges of indexes without a gap.
    fileprivate var spans: [Range<Int>] {
        var spans: [Range<Int>] = []
        for bucket in self {
            if let last = spans.last, last.upperBound == bucket.index {
                spans[spans.count - 1] = last.lowerBound..<bucket.index + 1
            } else {
                spans.append(bucket.index..<bucket.index + 1)
            }
        }
        return spans
    }
}

/// 2^-128, as Prometheus' own client libraries have it.
private let leastZeroThreshold = 0x1p-128
