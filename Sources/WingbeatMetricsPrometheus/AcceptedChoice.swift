// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatModel

/// One choice of a header such as `Accept` (RFC 9110, section 12.4): what, with which parameters, and how welcome.
struct AcceptedChoice {
    /// A media type or a coding, in lower case.
    let name: String
    /// The parameters before the weight, names in lower case, without quotes.
    let parameters: [String: String]
    /// From 0, which means never, to 1.
    let weight: Double

    /// The choices of a header, in its order. What cannot be read of a weight counts as 1.
    static func list(_ header: String) -> [AcceptedChoice] {
        commaSeparated(header).map { AcceptedChoice($0) }
    }

    private init(_ text: Substring) {
        let fields = text.split(separator: ";", omittingEmptySubsequences: false).map(\.trimmingSpaces)
        var parameters: [String: String] = [:]
        var weight = 1.0
        for field in fields.dropFirst() {
            let pair = field.split(separator: "=", maxSplits: 1).map(\.trimmingSpaces)
            guard pair.count == 2 else { continue }
            let name = pair[0].lowercased()
            if name == "q" {
                weight = Double(pair[1]).map { min(max($0, 0), 1) } ?? 1
            } else {
                parameters[name] = pair[1].filter { $0 != "\"" }
            }
        }
        name = fields.first?.lowercased() ?? ""
        self.parameters = parameters
        self.weight = weight
    }
}
