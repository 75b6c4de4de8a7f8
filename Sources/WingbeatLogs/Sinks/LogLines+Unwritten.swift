// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension LogLines {
    /// The lines that were not wholly written when a sink threw this error, the first of them perhaps in part.
    func unwritten(after error: LogSinkError) -> LogLines {
        guard case .failed(_, let writtenBytes) = error, writtenBytes > 0 else { return self }
        let written = bytes.prefix(writtenBytes)
        guard let end = written.lastIndex(of: newline) else { return self }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[(end + 1)...])
        let lines = written[...end].reduce(0) { $0 + ($1 == newline ? 1 : 0) }
        return LogLines(bytes: rest, count: max(0, count - lines), level: level)
    }
}

private let newline = UInt8(ascii: "\n")
