// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `wingbeat`: the command line.
@main
struct WingbeatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wingbeat",
        abstract: "Collects the spans of your services and shows them in a browser.",
        version: "0.1.0",
        subcommands: [CollectorCommand.self]
    )
}
