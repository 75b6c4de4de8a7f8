// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// One import for a service author: the ecosystem's three front doors, and what Wingbeat adds to each.
@_documentation(visibility: internal) @_exported public import Logging
@_documentation(visibility: internal) @_exported public import Metrics
@_documentation(visibility: internal) @_exported public import Tracing
@_documentation(visibility: internal) @_exported public import WingbeatLogs
@_documentation(visibility: internal) @_exported public import WingbeatMetrics
@_documentation(visibility: internal) @_exported public import WingbeatMetricsPush
@_documentation(visibility: internal) @_exported public import WingbeatModel
@_documentation(visibility: internal) @_exported public import WingbeatTraces
@_documentation(visibility: internal) @_exported public import WingbeatTracesReporting
