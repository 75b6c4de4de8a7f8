// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Instrumentation

extension ServiceContext {
    /// The trace context of the current task, if any: set by the tracer, read by the log handler.
    public var traceContext: TraceContext? {
        get { entry?.trace }
        set {
            let requested = entry?.requestedSampling
            let isEmpty = newValue == nil && requested == nil
            entry = isEmpty ? nil : ContextEntry(trace: newValue, requestedSampling: requested)
        }
    }
}

extension TraceContext {
    /// The trace context of the current task, if any.
    public static var current: TraceContext? { ServiceContext.current?.traceContext }
}
