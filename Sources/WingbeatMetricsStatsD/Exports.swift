// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Their words occur in this module's API.
@_documentation(visibility: internal) @_exported public import WingbeatDeliverySockets
@_documentation(visibility: internal) @_exported public import WingbeatMetrics
@_documentation(visibility: internal) @_exported public import WingbeatMetricsPush
