// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatModel

/// How a series with labels is named in Graphite.
///
/// A name keeps its dots, which make folders; other characters than `A-Z a-z 0-9 _ -` become `_`. A histogram's
/// quantiles, count and sum have the suffixes `.p50`, `.p90`, `.p95`, `.p99`, `.count` and `.sum`, at the end of a flat
/// name and before the tags of a tagged one. Labels with an empty value are left out.
public enum GraphiteNaming: Sendable {
    /// Each label is a folder, in the order of the labels' names: `http.requests.method_GET.route__orders`. Here, too,
    /// other characters become `_`, and series whose names so become the same overwrite each other.
    case flat
    /// Each label is a tag, for Graphite from 1.1 on: `http.requests;method=GET;route=/orders`. White space, control
    /// characters, `;` and `"` become `_`, so does a `~` at the beginning, and `!`, `^` and `=` in a tag's name. A
    /// label called `name`, which is Graphite's own, becomes `exported_name`.
    /// Source: graphite.readthedocs.io/en/latest/tags.html.
    case tagged

    func path(_ name: String, prefix: String, _ labels: [Label]) -> GraphitePath {
        var path = GraphitePath()
        path.name.append(graphiteNodes: prefix)
        path.name.append(graphiteNodes: name)
        if path.name.isEmpty { path.name.append(UInt8(ascii: "_")) }
        for label in labels {
            switch self {
            case .flat: path.name.append(graphiteNode: "\(label.name)_\(label.value)")
            case .tagged: path.tags.append(graphiteTag: label)
            }
        }
        return path
    }
}

/// The name of a series in two parts, between which a suffix has its place.
struct GraphitePath {
    var name: [UInt8] = []
    var tags: [UInt8] = []
}

extension [UInt8] {
    /// Appends the parts of a name between its dots, but for empty ones, which no folder can be called.
    fileprivate mutating func append(graphiteNodes name: String) {
        for node in name.split(separator: ".") { append(graphiteNode: node) }
    }

    fileprivate mutating func append(graphiteNode node: some StringProtocol) {
        if !isEmpty { append(UInt8(ascii: ".")) }
        for scalar in node.unicodeScalars {
            append(isNodeCharacter(scalar) ? UInt8(truncatingIfNeeded: scalar.value) : UInt8(ascii: "_"))
        }
    }

    fileprivate mutating func append(graphiteTag label: Label) {
        append(UInt8(ascii: ";"))
        append(tagPart: label.name == "name" ? "exported_name" : label.name, forbidden: ";\"!^=")
        append(UInt8(ascii: "="))
        append(tagPart: label.value, forbidden: ";\"")
    }

    private mutating func append(tagPart text: String, forbidden: String) {
        for (index, scalar) in text.unicodeScalars.enumerated() {
            let isAllowed =
                !isControlOrSpace(scalar) && !forbidden.unicodeScalars.contains(scalar) && (scalar != "~" || index > 0)
            append(text: isAllowed ? String(scalar) : "_")
        }
    }
}

private func isNodeCharacter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "A"..."Z", "a"..."z", "0"..."9", "_", "-": true
    default: false
    }
}

/// carbon splits a line at any of these, also those beyond ASCII.
private func isControlOrSpace(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value <= 0x20 || scalar.value == 0x7F }
    return scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
}
