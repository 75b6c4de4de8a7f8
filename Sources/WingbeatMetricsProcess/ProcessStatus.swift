// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What `/proc/self/stat` says (proc(5)).
struct ProcessStatus: Equatable {
    /// How many threads there are.
    let threads: Double
    /// The size of the address space.
    let virtualBytes: Double
    /// How much of it is in memory.
    let residentBytes: Double
    /// When the process began, in seconds since the machine began.
    let startSinceBoot: Double

    /// The status of this process; nil where there is no `/proc`.
    static func read() -> ProcessStatus? {
        #if os(Linux)
            guard let text = contentsOfSmallFile("/proc/self/stat") else { return nil }
            return ProcessStatus(
                text,
                ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))),
                pageBytes: Double(sysconf(Int32(_SC_PAGESIZE)))
            )
        #else
            return nil
        #endif
    }

    /// Reads the one line of the file; nil when it is not understood.
    ///
    /// The second field is the name of the program in parentheses; it may hold spaces and parentheses itself, so
    /// fields are counted from the last closing one.
    init?(_ text: [UInt8], ticksPerSecond: Double, pageBytes: Double) {
        guard let end = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = text[(end + 1)...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        func field(_ number: Int) -> Double? {  // as proc(5) numbers them: the name is the second
            let index = number - 3
            guard fields.indices.contains(index) else { return nil }
            return UInt64(String(decoding: fields[index], as: UTF8.self)).map { Double($0) }
        }
        guard let threads = field(20), let start = field(22), let virtual = field(23), let resident = field(24) else {
            return nil
        }
        self.threads = threads
        virtualBytes = virtual
        residentBytes = resident * pageBytes
        startSinceBoot = start / ticksPerSecond
    }

    /// When the process began, in seconds since 1970, by the machine's present idea of the time.
    var startTime: Double? {
        #if os(Linux)
            guard let now = clockSeconds(CLOCK_REALTIME), let uptime = clockSeconds(CLOCK_BOOTTIME) else { return nil }
            return now - uptime + startSinceBoot
        #else
            return nil
        #endif
    }
}
