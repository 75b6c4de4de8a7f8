// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatCollector

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension SpanStoreError {
    /// True when the disk is full.
    var isLackOfRoom: Bool {
        if case .unavailable(let reason) = self { reason.hasPrefix(Self.lackOfRoom) } else { false }
    }

    /// How the sentence begins that says so.
    static let lackOfRoom = "the disk is full"
}

/// What the system says of the call that failed last.
///
/// - Parameter action: what was tried, for example `cannot write journal/00000001.journal`.
func systemError(_ action: String) -> SpanStoreError {
    switch errno {
    case ENOSPC, EDQUOT, EFBIG: .unavailable("\(SpanStoreError.lackOfRoom); \(action)")
    default: .unavailable("\(action): \(String(cString: strerror(errno)))")
    }
}
