// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A folder in which messages wait for a backend that is away, so that they outlive the process.
///
/// Messages are appended to files of some megabytes and sent oldest first; a file whose messages are all sent is
/// removed. Each message has its length and a checksum. What cannot be read at the next start (the end of a file that
/// was being written when the process was killed, a damaged place) is skipped and counted.
///
/// One process uses a folder at a time; it is locked.
public struct DiskSpool: Sendable {
    /// The folder; it is made, for its owner only, where it does not exist.
    public var directory: String
    /// How many bytes all files may have. When there is no room, and when the disk is full, elements wait in memory
    /// as without a spool, and those that find no room there are dropped and counted.
    public var capacity: Int
    /// Whether each message is brought to the disk itself before the next step (`fdatasync`). Without it a message
    /// outlives the end of the process, also by SIGKILL, but not a loss of power.
    public var isSynced: Bool

    /// A spool of 256 MiB that trusts the system to write.
    public init(directory: String, capacity: Int = 256 << 20, isSynced: Bool = false) {
        self.directory = directory
        self.capacity = capacity
        self.isSynced = isSynced
    }

    /// A spool in a folder below this one.
    package func below(_ folder: String) -> DiskSpool {
        DiskSpool(directory: "\(directory)/\(folder)", capacity: capacity, isSynced: isSynced)
    }
}

/// Why a spool cannot be used.
package struct SpoolError: Error, CustomStringConvertible {
    package let description: String

    /// What the system said about a path.
    init(_ action: String, _ path: String, errorNumber: CInt) {
        description = "\(action) \(path): \(systemText(errorNumber))"
    }

    init(_ description: String) {
        self.description = description
    }
}
