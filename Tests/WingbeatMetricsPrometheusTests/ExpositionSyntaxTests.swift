// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatMetrics
import WingbeatMetricsPrometheus
import WingbeatModel

@Suite("Prometheus text, line by line")
struct ExpositionSyntaxTests {
    private let registry = quietRegistry()

    @Test("no series leaves no lines to check, and the registry's own are well-formed")
    func empty() {
        let lines = text(PrometheusTextEncoder().encode(registry.snapshot())).split(separator: "\n")
        #expect(lines.count == 12)
        #expect(lines.allSatisfy { $0.hasPrefix("# ") || isSample($0) })
    }

    @Test("whatever names and values are used, every line is a comment or a sample with unique labels")
    func hostileInput() {
        let texts = [
            "", "le", "a\"b", "a\\", "\n", "a}b", "{", "é", "\u{1F426}", "__name__", "a,b=\"c\"", " ", "#", "\r", "a.b",
        ]
        for (number, name) in texts.enumerated() {
            for value in texts {
                registry.counter(name, help: value, unit: value, labels: texts)[value, name, value].increment()
                registry.gauge("g" + name, help: value, labels: [name, "x", value])[value, value].set(Double(number))
                registry.histogram("h" + name, labels: [value, "le"])[name, value].observe(1)
            }
        }
        let lines = exposition(registry).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.last == "")
        #expect(lines.count > 1_000)
        for line in lines.dropLast() where !line.hasPrefix("# ") {
            #expect(isSample(line), "\(line)")
        }
        for encoder in [PrometheusTextEncoder(), PrometheusTextEncoder(format: .openMetrics)] {
            var streamed: [UInt8] = Array("what was there before".utf8)
            encoder.encode(registry, into: &streamed)
            #expect(text(streamed) == text(encoder.encode(registry.snapshot())))
        }
    }

    /// Whether a line is `name{label="value",…} number`, each label once.
    private func isSample(_ line: Substring) -> Bool {
        var rest = line.unicodeScalars[...]
        guard takeName(&rest, allowingColon: true) != nil else { return false }
        var names: Set<String> = []
        if rest.first == "{" {
            repeat {
                rest.removeFirst()
                guard let name = takeName(&rest, allowingColon: false) else { return false }
                guard names.insert(name).inserted else { return false }
                guard takeValue(&rest) else { return false }
            } while rest.first == ","
            guard rest.popFirst() == "}" else { return false }
        }
        guard rest.popFirst() == " " else { return false }
        let number = String(rest)
        return ["+Inf", "-Inf", "NaN"].contains(number) || Double(number) != nil
    }

    private func takeName(_ rest: inout Substring.UnicodeScalarView, allowingColon: Bool) -> String? {
        let name = rest.prefix { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": true
            default: allowingColon && scalar == ":"
            }
        }
        rest = rest[name.endIndex...]
        guard let first = name.first, !("0"..."9").contains(first) else { return nil }
        return String(name)
    }

    private func takeValue(_ rest: inout Substring.UnicodeScalarView) -> Bool {
        guard rest.popFirst() == "=", rest.popFirst() == "\"" else { return false }
        while let scalar = rest.popFirst() {
            if scalar == "\"" { return true }
            if scalar == "\n" { return false }
            if scalar == "\\" {
                guard let escaped = rest.popFirst(), ["\\", "\"", "n"].contains(escaped) else { return false }
            }
        }
        return false
    }
}
