// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The first bytes of a file, taken with one `read`: enough for the files of `/proc` that hold one line.
func contentsOfSmallFile(_ path: String, atMost limit: Int = 4096) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        count = max(0, read(file, buffer.baseAddress, limit))
    }
    return bytes.isEmpty ? nil : bytes
}

/// Calls the body with the name of each entry of a directory but `.` and `..`.
///
/// - Returns: false when the directory cannot be read.
func forEachEntry(of path: String, _ body: (String) -> Void) -> Bool {
    guard let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name), let directory = opendir(path) else {
        return false
    }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
        let name = String(cString: UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: CChar.self))
        if name != ".", name != ".." { body(name) }
    }
    return true
}

/// What a clock shows.
func clockSeconds(_ clock: clockid_t) -> Double? {
    var time = timespec()
    guard clock_gettime(clock, &time) == 0 else { return nil }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The time that processors spent on the process, in its own code and in the system's.
func processorTime() -> Double? {
    clockSeconds(CLOCK_PROCESS_CPUTIME_ID)
}
