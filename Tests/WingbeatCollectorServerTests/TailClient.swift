// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// Reads an answer that does not end.
enum TailClient {
    struct Ended: Error {}

    /// The answer as it came over the wire, until it holds a text; throws when it ends before.
    static func read(_ path: String, port: Int, until wanted: String) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
            var text = ""
            for try await part in inbound {
                // Chunks may end anywhere; what a test looks for stands within one event, which is one chunk.
                text += String(buffer: part)
                if text.contains(wanted), text.hasSuffix("\n\n\r\n") { return text }
            }
            throw Ended()
        }
    }
}
