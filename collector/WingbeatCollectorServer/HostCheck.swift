// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore

/// Refuses requests under names that are not the collector's, so that no web site can read spans through a name of its
/// own that it has let point to this machine (DNS rebinding).
///
/// Addresses and `localhost` cannot be turned that way and are always right. Posts are let through: programs send spans
/// under names of containers and proxies, and a site learns nothing by them.
struct HostCheck<Context: RequestContext>: RouterMiddleware {
    /// Lower-case names without ports.
    let names: Set<String>

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if request.method != .post, let host = request.head.authority, !isKnown(host) {
            let sentence =
                "\(host.prefix(200)) is not a name of this collector; start it with --allow-host to make it one"
            throw RequestError(.forbidden, sentence)
        }
        return try await next(request, context)
    }

    private func isKnown(_ authority: String) -> Bool {
        let host = Self.host(authority).lowercased()
        if host == "localhost" || host.hasSuffix(".localhost") || names.contains(host) { return true }
        return (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }

    /// Without the port, and without the brackets of an address.
    private static func host(_ authority: String) -> Substring {
        if authority.hasPrefix("[") { return authority.dropFirst().prefix { $0 != "]" } }
        return authority.prefix { $0 != ":" }
    }
}
