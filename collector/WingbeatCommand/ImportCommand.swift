// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import WingbeatCollector
import WingbeatCollectorClient
import WingbeatCompression
import WingbeatModel
import WingbeatSpanCodecs

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `wingbeat import`.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Sends the spans of files to a collector.",
        discussion: """
            The files hold JSON: Zipkin's (version 1 or 2), OpenTelemetry's or
            Jaeger's, also compressed with gzip (up to 1 GiB when inflated). Spans are
            sent while the file is read. When something goes wrong, those before it are
            stored; import the file again then, since the collector keeps a span that
            comes twice once.

            Exit codes: 0; 1 when there were no spans; 64; 65 for a file that cannot
            be read as spans; 66 for one that cannot be opened; 69.
            """
    )

    @Argument(help: ArgumentHelp("Files, or - for standard input.", valueName: "file"))
    var files: [String]

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let client = try client.client()
        var total = ImportCount()
        for file in files {
            var count = ImportCount()
            defer { total.add(count) }
            do {
                try await send(file, to: client, &count)
            } catch let error as SpanFileReader.Malformed {
                throw failure(file, error.description, EX_DATAERR, count)
            } catch let error as ImportFile.Unreadable {
                throw failure(file, error.description, error.code, count)
            } catch let error as CollectorFailure {
                throw failure(file, error.description, EX_UNAVAILABLE, count)
            }
            print("\(TerminalText.escaped(file)): \(count)")
        }
        guard total.stored > 0 else { throw Exit.nothing }
    }

    private func failure(_ file: String, _ reason: String, _ code: Int32, _ count: ImportCount) -> ExitCode {
        Exit.failure("\(file): \(reason) (\(count) before that)", code)
    }

    private func send(_ file: String, to client: CollectorClient, _ count: inout ImportCount) async throws {
        var input = try ImportFile(file)
        defer { input.close() }
        var reader = SpanFileReader()
        var progress = ImportProgress(file: file, size: input.size)
        while let bytes = try input.read() {
            for batch in try reader.push(bytes) { try await client.send(batch, &count) }
            progress.show(input.position, count.stored)
        }
        progress.clear()
        for batch in try reader.finish() { try await client.send(batch, &count) }
        count.rejected += reader.rejected
    }
}

/// What became of the spans of a file.
struct ImportCount: CustomStringConvertible {
    var stored = 0
    var rejected = 0
    var reason = ""

    mutating func add(_ other: ImportCount) {
        stored += other.stored
        rejected += other.rejected
    }

    var description: String {
        let more = rejected > 0 ? ", \(rejected) rejected\(reason.isEmpty ? "" : " (\(reason))")" : ""
        return "\(stored) span\(stored == 1 ? "" : "s") stored\(more)"
    }
}

extension CollectorClient {
    /// Sends a batch, in halves where it is too large for one post; waits up to a minute for a collector that is busy.
    fileprivate func send(_ spans: [SpanRecord], _ count: inout ImportCount) async throws {
        for attempt in 0... {
            do throws(CollectorFailure) {
                let answer = try await store(spans)
                let rejected = Int(clamping: answer.rejectedSpans)
                count.stored += spans.count - min(rejected, spans.count)
                count.rejected += rejected
                if rejected > 0 { count.reason = answer.errorMessage }
                return
            } catch {
                switch error {
                case .refused(status: 413, _) where spans.count > 1:
                    try await send(Array(spans.prefix(spans.count / 2)), &count)
                    try await send(Array(spans.dropFirst(spans.count / 2)), &count)
                    return
                case .refused(status: 429, _) where attempt < 60, .refused(status: 503, _) where attempt < 60:
                    try await Task.sleep(for: .seconds(1))
                default: throw error
                }
            }
        }
    }
}

/// How far an import is, on one line of a terminal.
struct ImportProgress {
    private let file: String
    private let size: Int?
    private let isShown = isatty(STDERR_FILENO) == 1
    private let start = ContinuousClock.now
    private var next = ContinuousClock.now + .milliseconds(300)

    init(file: String, size: Int?) {
        self.file = TerminalText.escaped(file)
        self.size = size
    }

    mutating func show(_ position: Int, _ spans: Int) {
        guard isShown, ContinuousClock.now >= next else { return }
        next = ContinuousClock.now + .milliseconds(200)
        let seconds = Double((ContinuousClock.now - start).components.seconds) + 1
        let rate = Int(Double(spans) / seconds)
        var bar = "\(position / 1_048_576) MiB"
        if let size, size > 0 {
            let share = min(Double(position) / Double(size), 1)
            let full = Int(share * 30)
            bar =
                "[\(String(repeating: "#", count: full))\(String(repeating: ".", count: 30 - full))] \(Int(share * 100)) %"
        }
        write("\r\u{1B}[K\(file) \(bar)  \(spans) spans  \(rate)/s")
    }

    func clear() {
        if isShown { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        Terminal.complain(text, end: "")
    }
}
