// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import WingbeatMetrics

/// The numbers of the process that the operating system keeps, under the names, and with the help texts, that all
/// Prometheus clients have for them.
///
/// ```swift
/// registry.add(ProcessMetrics())
/// ```
///
/// On Linux they are `process_cpu_seconds_total`, `process_open_fds`, `process_max_fds`,
/// `process_virtual_memory_bytes`, `process_virtual_memory_max_bytes`, `process_resident_memory_bytes`,
/// `process_start_time_seconds` and `process_threads`. A number that cannot be had is left out: all but CPU time and the
/// two limits where there is no `/proc`. A limit that is not set is 2^64 - 1. Bytes on the network are not among them:
/// Linux counts these for each network namespace, not for each process.
///
/// Source: prometheus.io/docs/instrumenting/writing_clientlibs, "Process metrics".
public struct ProcessMetrics: MetricSource {
    private let startTime: Double?

    /// The start time is found here and told unchanged from then on, so that it only changes with the process.
    public init() {
        startTime = ProcessStatus.read()?.startTime
    }

    /// Reads the numbers now: about ten system calls.
    public func read() -> [MetricSnapshot.Family] {
        let status = ProcessStatus.read()
        return [
            cpu(processorTime()),
            family("open_fds", "Number of open file descriptors.", openFileDescriptors()),
            family("max_fds", "Maximum number of open file descriptors.", ResourceLimit.fileDescriptors),
            bytes("virtual_memory", "Virtual memory size in bytes.", status?.virtualBytes),
            bytes(
                "virtual_memory_max",
                "Maximum amount of virtual memory available in bytes.",
                ResourceLimit.addressSpace
            ),
            bytes("resident_memory", "Resident memory size in bytes.", status?.residentBytes),
            family(
                "start_time_seconds",
                "Start time of the process since unix epoch in seconds.",
                unit: "seconds",
                startTime
            ),
            family("threads", "Number of OS threads in the process.", status?.threads),
        ].compactMap(\.self)
    }

    private func cpu(_ seconds: Double?) -> MetricSnapshot.Family? {
        seconds.map {
            MetricSnapshot.Family(
                "process_cpu_seconds",
                .counter,
                help: "Total user and system CPU time spent in seconds.",
                unit: "seconds",
                value: $0
            )
        }
    }

    private func bytes(_ name: String, _ help: String, _ value: Double?) -> MetricSnapshot.Family? {
        family(name + "_bytes", help, unit: "bytes", value)
    }

    private func family(
        _ name: String,
        _ help: String,
        unit: String = "",
        _ value: Double?
    ) -> MetricSnapshot.Family? {
        value.map { MetricSnapshot.Family("process_" + name, .gauge, help: help, unit: unit, value: $0) }
    }
}
