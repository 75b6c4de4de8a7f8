// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NIOCore
import NIOPosix
import WingbeatCollector

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A port that `--check` looks at.
struct CheckedPort {
    let flag: String
    let address: ListenAddress
    /// True when the collector does without it.
    let isOptional: Bool
}

/// Looks whether the collector could start, and says what it found: a line for each thing, beginning with `ok`,
/// `warning` or `error`.
struct CollectorCheck {
    private static let littleSpace: UInt64 = 1_000_000_000
    private let folder: String
    private let isOnDisk: Bool
    private var isGood = true

    /// - Parameter isOnDisk: false where spans are not kept in the folder.
    init(folder: String, isOnDisk: Bool) {
        self.folder = folder
        self.isOnDisk = isOnDisk
    }

    /// Says what it found.
    ///
    /// - Returns: success, or that a service is not available (sysexits.h).
    mutating func run(
        ports: [CheckedPort],
        open: () async throws(SpanStoreError) -> OpenStore
    ) async -> ExitCode {
        say("ok", "settings can be read")
        for port in ports { await check(port) }
        do throws(SpanStoreError) {
            let store = try await open()
            try await check(store)
            await store.close()
        } catch {
            say("error", "spans cannot be kept: \(error)")
        }
        if isOnDisk { checkSpace() }
        return isGood ? .success : ExitCode(EX_UNAVAILABLE)
    }

    private mutating func check(_ port: CheckedPort) async {
        do {
            let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            try await bootstrap.bind(host: port.address.host, port: port.address.port).get().close()
            say("ok", "port \(port.address) is free")
        } catch {
            let verdict = port.isOptional ? "warning" : "error"
            say(verdict, "port \(port.address) cannot be used (\(error)); choose another with \(port.flag)")
        }
    }

    private mutating func check(_ store: OpenStore) async throws(SpanStoreError) {
        do {
            try await store.store?.check()
            let spans = try await store.store?.status().spans ?? 0
            say("ok", "spans are kept in \(store.place): \(spans) now")
        } catch {
            throw (error as? SpanStoreError) ?? .unavailable("\(error)")
        }
    }

    private mutating func checkSpace() {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else {
            return say("warning", "free space of \(folder) is not known: \(String(cString: strerror(errno)))")
        }
        let (free, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        let isEnough = overflow || free >= Self.littleSpace
        say(
            isEnough ? "ok" : "warning",
            "\(overflow ? "much" : "\(free / 1_000_000) MB") of disk are free in \(folder)"
        )
    }

    private mutating func say(_ verdict: String, _ sentence: String) {
        if verdict == "error" { isGood = false }
        print(verdict.padded(to: 8) + sentence)
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 1)) }
}

extension StorageOptions.Kind {
    /// True when spans are kept in the data folder.
    var isOnDisk: Bool {
        if case .sqlite = self { return true }
        return false
    }
}

extension ListenOptions {
    /// All ports that the collector would open.
    func checked(beside main: ListenAddress) -> [CheckedPort] {
        var ports = [CheckedPort(flag: "--listen", address: main, isOptional: false)]
        for (role, option) in [(Listener.Role.otlpGRPC, otlpGrpc), (Listener.Role.otlpHTTP, otlpHttp)] {
            switch option {
            case .off: break
            case .address(let address): ports.append(CheckedPort(flag: role.flag, address: address, isOptional: false))
            case nil:
                let address = ListenAddress(host: main.host, port: role.defaultPort)
                ports.append(CheckedPort(flag: role.flag, address: address, isOptional: true))
            }
        }
        return ports
    }
}
