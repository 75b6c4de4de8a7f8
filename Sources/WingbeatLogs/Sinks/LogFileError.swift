// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why a log file cannot be opened.
public struct LogFileError: Error, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The system's number of the reason, an `errno`.
    public let errorNumber: CInt

    /// The file, what was tried and the system's text, in one sentence.
    public var description: String {
        "cannot open the log file \(path): \(String(cString: strerror(errorNumber)))"
    }
}
