// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An open file that is read and written at places; closed when it is let go of.
final class SpoolFile {
    let path: String
    private let descriptor: CInt

    /// Opens the file for its owner, and makes it where it does not exist.
    init(_ path: String) throws(SpoolError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
        guard descriptor >= 0 else { throw SpoolError("cannot open", path, errorNumber: errno) }
    }

    deinit { close(descriptor) }

    /// The file's bytes; none where the system does not tell.
    var size: Int { max(Int(lseek(descriptor, 0, SEEK_END)), 0) }

    /// Locks the file for this process.
    ///
    /// - Returns: false when another one has it.
    func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// Reads the bytes at a place; fewer at the end of the file, and none where it cannot be read.
    func read(_ count: Int, at offset: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
            while filled < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let step = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
                if step > 0 { filled += step } else if step == 0 || errno != EINTR { return }
            }
        }
    }

    /// Writes all bytes at a place.
    func write(_ bytes: [UInt8], at offset: Int) throws(SpoolError) {
        var written = 0
        while written < bytes.count {
            let step = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                return pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
            }
            if step > 0 {
                written += step
            } else if step == 0 || errno != EINTR {
                throw SpoolError("cannot write", path, errorNumber: step == 0 ? ENOSPC : errno)
            }
        }
    }

    /// Cuts the file off at a place.
    func truncate(to size: Int) { _ = ftruncate(descriptor, off_t(size)) }

    /// Waits until the disk has what was written.
    func sync() throws(SpoolError) {
        #if canImport(Darwin)
            let status = fsync(descriptor)
        #else
            let status = fdatasync(descriptor)
        #endif
        guard status == 0 else { throw SpoolError("cannot sync", path, errorNumber: errno) }
    }

    /// Takes the file out of its folder.
    func remove() { unlink(path) }
}

/// Makes a folder, and those above it, for their owner.
func makeFolder(_ path: String) throws(SpoolError) {
    var end = path.startIndex
    while end < path.endIndex {
        end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
        guard mkdir(String(path[..<end]), mode_t(0o700)) != 0, errno != EEXIST, end == path.endIndex else { continue }
        throw SpoolError("cannot make the folder", path, errorNumber: errno)
    }
}

/// The names in a folder, sorted.
func namesInFolder(_ path: String) throws(SpoolError) -> [String] {
    guard let folder = opendir(path) else { throw SpoolError("cannot read the folder", path, errorNumber: errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        names.append(name)
    }
    return names.sorted()
}

/// The system's text of an error.
func systemText(_ errorNumber: CInt) -> String {
    String(cString: strerror(errorNumber))
}
