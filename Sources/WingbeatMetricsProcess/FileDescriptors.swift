// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How many file descriptors are open; nil where there is no `/proc`.
func openFileDescriptors() -> Double? {
    #if os(Linux)
        return sizeOfDescriptorDirectory() ?? countDescriptors()
    #else
        return nil
    #endif
}

/// Since Linux 6.2 the size of the directory is the number of descriptors; before, it is 0.
func sizeOfDescriptorDirectory() -> Double? {
    var status = stat()
    guard stat("/proc/self/fd", &status) == 0, status.st_size > 0 else { return nil }
    return Double(status.st_size)
}

/// Counts the entries of the directory, without the one that reads it.
func countDescriptors() -> Double? {
    var count = -1.0
    let isRead = forEachEntry(of: "/proc/self/fd") { _ in count += 1 }
    return isRead ? count : nil
}
