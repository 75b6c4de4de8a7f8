// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A format that can be asked for.
struct OfferedFormat {
    /// The media type, in lower case.
    let mediaType: String
    /// The parameters that tell it from other formats of the type.
    let parameters: [String: String]
    /// The parameters without which it is not meant.
    var required: Set<String> = []
    let encoder: any PrometheusEncoder

    /// Best first, for when several are equally welcome: what everybody can read.
    static let all = [
        OfferedFormat(mediaType: "text/plain", parameters: ["version": "0.0.4"], encoder: PrometheusTextEncoder()),
        OfferedFormat(
            mediaType: "application/openmetrics-text",
            parameters: ["version": "1.0.0"],
            encoder: PrometheusTextEncoder(format: .openMetrics)
        ),
        OfferedFormat(
            mediaType: "application/vnd.google.protobuf",
            parameters: ["proto": "io.prometheus.client.MetricFamily", "encoding": "delimited"],
            required: ["proto", "encoding"],
            encoder: PrometheusProtobufEncoder()
        ),
    ]

    /// The most welcome format; the text format where the header names none, or is not there.
    static func mostWelcome(_ accept: String?) -> OfferedFormat {
        let choices = accept.map(AcceptedChoice.list) ?? []
        return all.dropFirst().reduce(all[0]) { best, next in
            next.weight(among: choices) > best.weight(among: choices) ? next : best
        }
    }

    /// The weight of the choice that names the format most exactly (RFC 9110, section 12.5.1); 0 where none does.
    private func weight(among choices: [AcceptedChoice]) -> Double {
        choices.compactMap { choice in exactness(of: choice).map { ($0, choice.weight) } }
            .max { $0.0 < $1.0 }?.1 ?? 0
    }

    /// How exactly the choice names this format; nil when it means another one.
    private func exactness(of choice: AcceptedChoice) -> Int? {
        if choice.name == "*/*" { return 0 }
        if choice.name == mediaType.prefix(while: { $0 != "/" }) + "/*" { return 1 }
        guard choice.name == mediaType, required.isSubset(of: choice.parameters.keys) else { return nil }
        let known = choice.parameters.filter { parameters[$0.key] != nil }
        guard known.allSatisfy({ parameters[$0.key] == $0.value }) else { return nil }
        return 2 + known.count
    }
}
