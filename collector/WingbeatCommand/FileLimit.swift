// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How many files and connections this process may have open.
enum FileLimit {
    /// What is kept for the store, the log and the page.
    private static let reserve = 512

    /// Raises the limit to what the system lets the process have.
    ///
    /// - Returns: how many connections there may be: as many as wanted, or what the limit leaves.
    static func connections(wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return min(wanted, reserve) }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
        guard getrlimit(resource, &limit) == 0 else { return min(wanted, reserve) }
        let files = Int(clamping: limit.rlim_cur)
        return min(wanted, max(files - reserve, files / 2, 1))
    }

    #if canImport(Glibc)
        private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let resource = RLIMIT_NOFILE
    #endif
}
