// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import WingbeatLogs

/// Each test has a process of its own, for the environment belongs to the process.
@Suite("Colours on a terminal")
struct ConsoleColorsTests {
    @Test("are there on a terminal to which nobody objects")
    func terminal() async {
        await #expect(processExitsWith: .success) {
            let terminal = try openTerminal()
            setenv("TERM", "xterm", 1)
            unsetenv("NO_COLOR")
            #expect(isColored(terminal))
            unsetenv("TERM")
            #expect(isColored(terminal))
            setenv("NO_COLOR", "", 1)  // counts as not set, says no-color.org
            #expect(isColored(terminal))
        }
    }

    @Test("are not there when NO_COLOR is set, or the terminal is dumb")
    func unwanted() async {
        await #expect(processExitsWith: .success) {
            let terminal = try openTerminal()
            setenv("TERM", "xterm", 1)
            setenv("NO_COLOR", "1", 1)
            #expect(!isColored(terminal))
            unsetenv("NO_COLOR")
            setenv("TERM", "dumb", 1)
            #expect(!isColored(terminal))
        }
    }

    @Test("are not there where lines go to a pipe, a file or nowhere, whatever the environment says")
    func noTerminal() async {
        await #expect(processExitsWith: .success) {
            setenv("TERM", "xterm-256color", 1)
            unsetenv("NO_COLOR")
            let pipe = try TestPipe()
            #expect(!isColored(pipe.writing))
            #expect(!isColored(open("/dev/null", O_WRONLY)))
            #expect(!isColored(-1))
        }
    }

    @Test("belong to standard error when nothing else is said")
    func standardError() async {
        await #expect(processExitsWith: .success) {
            setenv("TERM", "xterm", 1)
            unsetenv("NO_COLOR")
            let terminal = try openTerminal()
            let standardError = dup(2)
            dup2(terminal, 2)
            let onTerminal = line(ConsoleEncoder(), record().facts, []).contains("\u{1B}")
            dup2(standardError, 2)
            #expect(onTerminal)
        }
    }

    @Test("may be asked for and declined whatever the stream is")
    func always() {
        #expect(line(ConsoleEncoder(colors: .always), record().facts, []).contains("\u{1B}"))
        #expect(!line(ConsoleEncoder(colors: .never), record().facts, []).contains("\u{1B}"))
    }
}

private struct NoTerminal: Error {}

/// The near end of a pseudoterminal, which is a terminal, too.
private func openTerminal() throws -> CInt {
    let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    guard isatty(terminal) == 1 else { throw NoTerminal() }
    return terminal
}

private func isColored(_ descriptor: CInt) -> Bool {
    line(ConsoleEncoder(colors: .onTerminal(descriptor: descriptor)), record().facts, []).contains("\u{1B}")
}
