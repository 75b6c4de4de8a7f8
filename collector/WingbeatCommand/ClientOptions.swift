// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hummingbird
import WingbeatCollector
import WingbeatCollectorClient
import WingbeatModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Which collector the command asks.
struct ClientOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The collector's address. (default: WINGBEAT_COLLECTOR, or http://127.0.0.1:9411)",
            valueName: "url"
        )
    )
    var collector: String?

    func client() throws -> CollectorClient {
        let named = collector ?? Environment().get("WINGBEAT_COLLECTOR") ?? ""
        let url = named.isEmpty ? "http://127.0.0.1:9411" : named
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw ValidationError("'\(url)' is not like http://127.0.0.1:9411.")
        }
        return CollectorClient(url: url)
    }
}

/// What traces the command looks for.
struct SearchOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only traces with a span of this service.", valueName: "service"))
    var service: String?

    @Option(
        help: ArgumentHelp(
            "Only traces that began within this time, such as 15m, 2h or 7d, or since a time such as 2026-01-02T03:04:05Z.",
            valueName: "time"
        )
    )
    var since = "1h"

    func search(limit: Int) throws -> TraceSearch {
        let now = unixNanoseconds()
        let start: UInt64
        if let age = TimeText.nanoseconds(since) {
            start = now - min(age, now)
        } else if let time = TimeText.unixNanoseconds(rfc3339: since) {
            start = time
        } else {
            throw ValidationError("--since \(since) is neither like 15m, 2h or 7d nor like 2026-01-02T03:04:05Z.")
        }
        // A second more, so that spans of a clock that is a little ahead are found.
        var search = TraceSearch(window: min(start, now) / 1000...now / 1000 + 1_000_000, limit: limit)
        search.service = service
        return search
    }
}

/// A duration of spans on the command line, such as 1.5ms, in nanoseconds.
struct SpanDurationArgument: ExpressibleByArgument {
    let nanoseconds: UInt64

    init?(argument: String) {
        guard let nanoseconds = TimeText.nanoseconds(argument) else { return nil }
        self.nanoseconds = nanoseconds
    }
}

/// A tag on the command line: `key=value`.
struct TagArgument: ExpressibleByArgument {
    let key: String
    let value: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        key = String(parts[0])
        value = String(parts[1])
    }
}

/// Where a command writes.
enum Terminal {
    /// True where standard output is a terminal that shows colours, unless `NO_COLOR` is set (no-color.org).
    static var isColored: Bool {
        let environment = Environment()
        return isatty(STDOUT_FILENO) == 1 && (environment.get("NO_COLOR") ?? "").isEmpty
            && environment.get("TERM") != "dumb"
    }

    /// The columns of the terminal; those of `COLUMNS` where it is set; 100 where there is no terminal.
    static var width: Int {
        if let columns = Environment().get("COLUMNS").flatMap({ Int($0) }), columns > 0 { return min(columns, 1000) }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
        return Int(size.ws_col)
    }

    static func write(_ lines: [String]) {
        for line in lines { print(line) }
    }

    /// Writes all bytes to standard output.
    static func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { systemWrite(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Exit.failure("cannot write: \(String(cString: strerror(errno)))", EX_IOERR) }
            rest = rest.dropFirst(written)
        }
    }

    static func complain(_ sentence: String, end: String = "\n") {
        let bytes = Array((sentence + end).utf8)
        _ = bytes.withUnsafeBytes { systemWrite(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

/// How commands end.
enum Exit {
    /// Nothing was found.
    static let nothing = ExitCode(1)

    /// Says what is wrong on standard error.
    static func failure(_ sentence: String, _ code: Int32 = EX_UNAVAILABLE) -> ExitCode {
        Terminal.complain("wingbeat: \(TerminalText.escaped(sentence))")
        return ExitCode(code)
    }

    /// Runs a command; a collector that is away or refuses ends it with 69, or 64 where it did not understand.
    static func onFailure<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let failure as CollectorFailure {
            if case .refused(400..<429, let message) = failure { throw Self.failure(message, EX_USAGE) }
            throw Self.failure(failure.description)
        }
    }
}

/// The system's `write`, which the names above hide.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(file, bytes, count)
}
