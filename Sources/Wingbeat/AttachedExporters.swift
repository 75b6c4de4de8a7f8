// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WingbeatMetricsPush

/// Exporters that run, each in a task of its own.
final class AttachedExporters: Sendable {
    private let tasks = Mutex<[ObjectIdentifier: Task<Void, Never>]>([:])

    func attach(_ exporter: PushExporter) {
        tasks.withLock { tasks in
            guard tasks[ObjectIdentifier(exporter)] == nil else { return }
            tasks[ObjectIdentifier(exporter)] = Task.detached { await exporter.run() }
        }
    }

    func detach(_ exporter: PushExporter) async {
        let task = tasks.withLock { $0.removeValue(forKey: ObjectIdentifier(exporter)) }
        task?.cancel()
        await task?.value
    }

    func detachAll() async {
        let all = tasks.withLock { tasks in
            defer { tasks = [:] }
            return Array(tasks.values)
        }
        for task in all { task.cancel() }
        for task in all { await task.value }
    }
}
