// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import ServiceLifecycle
public import WingbeatCollector

/// Brings what an intake counts to the store, once a second and at the end.
public struct IntakeService: Service {
    private let intake: SpanIntake

    /// A service for an intake; it must end before the store is closed.
    public init(_ intake: SpanIntake) {
        self.intake = intake
    }

    /// Runs until the task is cancelled or its service group shuts down.
    public func run() async {
        await cancelWhenGracefulShutdown { await intake.run() }
        // In a task of its own, for this one may be cancelled, and what was counted is to be kept all the same.
        await Task { [intake] in try? await intake.close() }.value
    }
}
