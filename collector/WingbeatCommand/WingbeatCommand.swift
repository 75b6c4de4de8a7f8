// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `wingbeat`: the command line.
@main
struct WingbeatCommand: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "wingbeat",
        abstract: "Collects the spans of your services and shows them in a browser and in the terminal.",
        discussion: """
            Exit codes: 0 done, or found; 1 nothing found; 64 a mistake on the command
            line; 65 a file that cannot be read as spans; 69 no collector answers, or
            it cannot do its work.
            """,
        version: version,
        subcommands: [
            CollectorCommand.self, TraceCommand.self, SearchCommand.self, TailCommand.self, SQLCommand.self,
            ExportCommand.self, ImportCommand.self, VersionCommand.self,
        ]
    )
}

/// `wingbeat version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Prints the version."
    )

    func run() { print(WingbeatCommand.version) }
}
