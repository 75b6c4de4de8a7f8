// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Limits of the process; 2^64 - 1 where there is none.
enum ResourceLimit {
    static var fileDescriptors: Double? { read(number(RLIMIT_NOFILE)) }
    static var addressSpace: Double? { read(number(RLIMIT_AS)) }

    private static func read(_ resource: Int32) -> Double? {
        var limit = rlimit()
        return getrlimit(resource, &limit) == 0 ? Double(limit.rlim_cur) : nil
    }

    // The C libraries disagree about the type of the constants.
    #if canImport(Glibc)
        private static func number(_ resource: __rlimit_resource) -> Int32 { Int32(resource.rawValue) }
    #else
        private static func number(_ resource: Int32) -> Int32 { resource }
    #endif
}
