// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird

/// A path in front of all others, below which a reverse proxy shows the collector.
public struct BasePath: Hashable, Sendable {
    /// With a slash at its start and none at its end; empty for none.
    public let path: String

    /// Nil for what cannot be one: `/traces` and `/tools/traces/` can, and so can `/` and the empty text, which mean none.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: true)
        guard text.isEmpty || text.hasPrefix("/"), parts.allSatisfy(Self.isPlain), text.utf8.count <= 200 else {
            return nil
        }
        path = parts.map { "/" + $0 }.joined()
    }

    private static func isPlain(_ part: Substring) -> Bool {
        part != "." && part != ".."
            && part.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "-._~".utf8.contains(byte)
            }
    }

    /// The target of a request without the path in front; nil where it is the path itself, which lacks the slash that the
    /// page's relative addresses need. What is not below the path stays as it is.
    func stripped(_ target: String) -> String? {
        guard !path.isEmpty, target.hasPrefix(path) else { return target }
        let rest = target.dropFirst(path.count)
        if rest.isEmpty || rest.first == "?" { return nil }
        return rest.first == "/" ? String(rest) : target
    }

    /// Where a request for the path itself is sent: relative, since proxies may have paths of their own.
    func withSlash(_ target: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        return "\(name)/\(target.dropFirst(path.count))"
    }
}

/// Answers requests below a path as those without it, which it answers, too: some proxies cut the path off, others do
/// not, and services beside the proxy send spans to the collector itself.
public struct BasePathResponder<Base: HTTPResponder>: HTTPResponder {
    private let base: Base
    private let basePath: BasePath

    /// A responder in front of another.
    public init(_ base: Base, below basePath: BasePath) {
        self.base = base
        self.basePath = basePath
    }

    /// The answer of the responder behind it.
    public func respond(to request: Request, context: Base.Context) async throws -> Response {
        guard !basePath.path.isEmpty, let target = request.head.path else {
            return try await base.respond(to: request, context: context)
        }
        guard let stripped = basePath.stripped(target) else {
            return Response(status: .found, headers: [.location: basePath.withSlash(target)])
        }
        var head = request.head
        head.path = stripped
        return try await base.respond(to: Request(head: head, body: request.body), context: context)
    }
}
