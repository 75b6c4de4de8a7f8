// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Words of the delivery occur in this module's API.
@_documentation(visibility: internal) @_exported public import WingbeatDelivery
