// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

extension TraceQuery {
    /// A search whose parts are known to make sense: for APIs other than Zipkin's.
    ///
    /// - Parameters:
    ///   - serviceName: in any case; nil for all.
    ///   - remoteServiceName: in any case; nil for any.
    ///   - spanName: in any case; nil for any.
    ///   - annotations: tags and their values; an empty value means any.
    ///   - durations: of one span, in microseconds.
    ///   - window: when the trace began, in microseconds since 1970.
    ///   - limit: how many traces at most; at least one.
    package init(
        serviceName: String?,
        remoteServiceName: String? = nil,
        spanName: String?,
        annotations: [String: String],
        durations: ClosedRange<UInt64>?,
        window: ClosedRange<Int64>,
        limit: Int
    ) {
        self.serviceName = serviceName?.lowercased()
        self.remoteServiceName = remoteServiceName?.lowercased()
        self.spanName = spanName?.lowercased()
        self.annotations = annotations
        self.durations = durations
        self.window = window
        self.limit = max(limit, 1)
    }
}
