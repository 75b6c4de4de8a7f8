// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// The words of the metrics and of pushing occur in this module's API.
@_documentation(visibility: internal) @_exported public import WingbeatMetrics
@_documentation(visibility: internal) @_exported public import WingbeatMetricsPush
