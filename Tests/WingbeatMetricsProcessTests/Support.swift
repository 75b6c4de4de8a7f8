// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatMetrics

extension MetricSource {
    /// The value of a gauge or counter at this moment.
    func value(of name: String, labels: LabelSet = .empty) -> Double? {
        switch MetricSnapshot(families: read())[name, labels] {
        case .counter(let value), .gauge(let value): value
        case .histogram, nil: nil
        }
    }
}

/// The first number on the line of a file of `/proc` that begins with a word.
func number(in file: String, after word: String) -> Double? {
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(word) }
    return line?.dropFirst(word.count).split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
}

/// What a program prints.
func output(of program: String, _ arguments: String...) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
}
