// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatMetrics
import WingbeatModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What can be known of Swift's runtime from inside the process.
///
/// ```swift
/// registry.add(RuntimeMetrics())
/// ```
///
/// - `swift_info`: the compiler's `version`, `os`, `arch` and `configuration` (`debug` or `release`); always 1.
/// - `swift_cooperative_pool_width`: how many threads run Swift's tasks of one priority at most; each priority that is
///   used has its own (seen with Swift 6.3 on Linux). libdispatch takes one thread for each processor that is online; it
///   asks neither for the affinity of the process nor for the quota of its container.
/// - `swift_threads`: how many threads there are of each `kind`, told from their names. Linux only.
/// - `swift_allocator_reserved_bytes`, `swift_allocator_allocated_bytes`: what malloc took from the system, and what of it
///   is handed out; the rest is free blocks, kept for later.
///   `swift_allocator_read_seconds`: how long it took to ask. Asking takes 40 ns for each free block, and allocations
///   wait meanwhile; so an answer that took some time is told again until ten thousand times that has passed.
///   Left out where the C library is not glibc 2.33 or newer, and where another allocator is loaded in its place.
///
/// How long tasks wait for a thread is measured by ``RuntimeProbe``.
public final class RuntimeMetrics: MetricSource {
    private let allocator = AllocatorReader()

    /// The source has no settings.
    public init() {}

    /// Reads the numbers now: some four system calls for each thread.
    public func read() -> [MetricSnapshot.Family] {
        [
            MetricSnapshot.Family(
                "swift_info",
                .info,
                help: "The compiler and the platform of the program.",
                labels: SwiftFacts.labels,
                value: 1
            ),
            MetricSnapshot.Family(
                "swift_cooperative_pool_width",
                .gauge,
                help: "Threads that run tasks of one priority at most: one for each processor that is online.",
                value: Double(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
            ),
        ] + threads() + allocatorFamilies()
    }

    private func threads() -> [MetricSnapshot.Family] {
        guard let counts = ThreadKind.count() else { return [] }
        return [
            MetricSnapshot.Family(
                descriptor: MetricDescriptor(
                    name: "swift_threads",
                    kind: .gauge,
                    help: "Threads by what they are for."
                ),
                series: ThreadKind.allCases.map { kind in
                    MetricSnapshot.Series(labels: ["kind": kind.rawValue], value: .gauge(Double(counts[kind] ?? 0)))
                }
            )
        ]
    }

    private func allocatorFamilies() -> [MetricSnapshot.Family] {
        guard let reading = allocator.read() else { return [] }
        let figures = reading.figures
        func gauge(_ name: String, _ help: String, _ unit: String, _ value: Double) -> MetricSnapshot.Family {
            MetricSnapshot.Family("swift_allocator_\(name)_\(unit)", .gauge, help: help, unit: unit, value: value)
        }
        return [
            gauge("reserved", "Bytes that malloc took from the system.", "bytes", figures.reserved),
            gauge("allocated", "Bytes of these that are handed out.", "bytes", figures.allocated),
            gauge("read", "How long it took to ask malloc for these numbers.", "seconds", reading.seconds),
        ]
    }
}
