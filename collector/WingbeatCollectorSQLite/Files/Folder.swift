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

/// Keeps a second collector out of the folder, for as long as it lives.
///
/// The one before is given a second: it may be about to end.
final class FolderLock: Sendable {
    private let descriptor: CInt

    init(_ directory: String) throws(SpanStoreError) {
        guard makeDirectories(directory) else { throw systemError("cannot make the folder \(directory)") }
        descriptor = open(directory + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw systemError("cannot write to the folder \(directory)") }
        for _ in 0..<50 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            usleep(20_000)
        }
        close(descriptor)
        throw .unavailable("the folder \(directory) is in use by another collector")
    }

    deinit {
        close(descriptor)
    }
}

/// Makes a folder and those above it; false, with `errno` set, when it cannot.
func makeDirectories(_ path: String) -> Bool {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return true }
    guard errno == ENOENT, let slash = path.dropLast().lastIndex(of: "/"), slash != path.startIndex else {
        return false
    }
    return makeDirectories(String(path[..<slash])) && mkdir(path, 0o755) == 0
}

/// The names of the files in a folder that end in a text, sorted.
func fileNames(in directory: String, endingIn suffix: String) -> [String] {
    guard let folder = opendir(directory) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
            tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) {
                String(cString: $0)
            }
        }
        if name.hasSuffix(suffix) { names.append(name) }
    }
    return names.sorted()
}

/// How many bytes a file has; nil when there is none.
func fileSize(_ path: String) -> Int64? {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : nil
}

/// The files of a SQLite database: itself, its write-ahead log and the log's index.
func databaseFiles(_ path: String) -> [String] { [path, path + "-wal", path + "-shm"] }

/// All bytes of a file.
func readFile(_ path: String) throws(SpanStoreError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemError("cannot open \(path)") }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: Int(fileSize(path) ?? 0))
    var count = 0
    while count < bytes.count {
        let read = bytes.withUnsafeMutableBytes {
            pread(descriptor, $0.baseAddress.map { $0 + count }, $0.count - count, off_t(count))
        }
        if read < 0, errno == EINTR { continue }
        guard read >= 0 else { throw systemError("cannot read \(path)") }
        if read == 0 { break }
        count += read
    }
    return Array(bytes.prefix(count))
}
