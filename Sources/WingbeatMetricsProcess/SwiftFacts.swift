// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// What is known of the program when it is compiled.
enum SwiftFacts {
    static let labels: LabelSet = [
        "version": compilerVersion, "os": operatingSystem, "arch": architecture, "configuration": configuration,
    ]

    // A program can only ask whether its compiler is at least of a version.
    static var compilerVersion: String {
        #if compiler(>=7)
            "7 or newer"
        #elseif compiler(>=6.6)
            "6.6 or newer"
        #elseif compiler(>=6.5)
            "6.5"
        #elseif compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }

    private static var operatingSystem: String {
        #if os(Linux)
            "linux"
        #elseif os(macOS)
            "macos"
        #else
            "other"
        #endif
    }

    private static var architecture: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "arm64"
        #else
            "other"
        #endif
    }

    private static var configuration: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }
}
