// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// Reads values of variables of the environment, and says what is wrong with them.
struct ZipkinVariables {
    typealias Invalid = ZipkinEnvironment.Invalid

    let get: (String) -> String?

    /// The value without white space around it; nil when it is not set or empty.
    func text(_ name: String) -> String? {
        guard let value = get(name).map({ Substring($0).trimmingSpaces }), !value.isEmpty else { return nil }
        return String(value)
    }

    func bool(_ name: String) throws(Invalid) -> Bool? {
        guard let text = text(name) else { return nil }
        guard let value = Bool(text.lowercased()) else { throw invalid(name, text, "neither true nor false") }
        return value
    }

    func integer<Number: FixedWidthInteger>(
        _ name: String,
        in range: ClosedRange<Number>
    ) throws(Invalid) -> Number? {
        guard let text = text(name) else { return nil }
        guard let value = Number(text), range.contains(value) else {
            throw invalid(name, text, "not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func share(_ name: String) throws(Invalid) -> Double? {
        guard let text = text(name) else { return nil }
        guard let value = Double(text), (0...1).contains(value) else {
            throw invalid(name, text, "not a number from 0 to 1")
        }
        return value
    }

    /// Texts between commas, without white space around them.
    func list(_ name: String) -> [String] {
        (text(name) ?? "").split(separator: ",").map { String($0.trimmingSpaces) }.filter { !$0.isEmpty }
    }

    /// A whole number with `ms`, `s`, `m` or `h`; without a unit it is milliseconds, as in Spring.
    func duration(_ name: String) throws(Invalid) -> Duration? {
        guard let text = text(name) else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let milliseconds: [String: Int64] = ["": 1, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000]
        guard let number = Int64(digits), number <= 1_000_000_000,
            let unit = milliseconds[text.dropFirst(digits.count).lowercased()]
        else { throw invalid(name, text, "not a duration such as 11s, 500ms, 2m or 0") }
        return .milliseconds(number * unit)
    }

    /// The names of Zipkin's (Logback's) levels, as swift-log has them.
    func logLevel(_ name: String) throws(Invalid) -> String? {
        guard let text = text(name) else { return nil }
        let levels = [
            "trace": "trace", "debug": "debug", "info": "info", "warn": "warning", "warning": "warning",
            "error": "error", "off": "critical",
        ]
        guard let level = levels[text.lowercased()] else {
            throw invalid(name, text, "not one of TRACE, DEBUG, INFO, WARN, ERROR and OFF")
        }
        return level
    }

    private func invalid(_ name: String, _ value: String, _ problem: String) -> Invalid {
        Invalid(description: "\(name)=\(value.prefix(100)) is \(problem)")
    }
}
