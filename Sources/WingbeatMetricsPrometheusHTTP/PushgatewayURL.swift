// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import WingbeatBytes
import WingbeatMetrics
import WingbeatModel

/// The URL of a group: `<gateway>/metrics/job/<job>/<label>/<value>…`.
///
/// A value that does not stand in a URL as it is, such as one with a slash, is written in base 64, which the label's
/// name then says: `/path@base64/L3Zhcg`. A label `job` of its own is left out. Source: prometheus/pushgateway, "URL".
func pushgatewayURL(_ gateway: String, job: String, grouping: LabelSet) -> String {
    let base = gateway.hasSuffix("/") ? String(gateway.dropLast()) : gateway
    let labels = grouping.labels.map { Label(canonicalLabelName($0.name), $0.value) }
    return base + "/metrics" + segments(Label("job", job)) + labels.filter { $0.name != "job" }.map(segments).joined()
}

private func segments(_ label: Label) -> String {
    let isPlain =
        !label.value.isEmpty && ![".", ".."].contains(label.value) && label.value.utf8.allSatisfy(isUnreserved)
    if isPlain { return "/\(label.name)/\(label.value)" }
    var encoded: [UInt8] = []
    encoded.append(base64URL: label.value.utf8)
    if encoded.isEmpty { encoded.append(UInt8(ascii: "=")) }  // an empty segment would not be one
    return "/\(label.name)@base64/\(String(decoding: encoded, as: UTF8.self))"
}

/// What never has to be encoded (RFC 3986, section 2.3).
private func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~")].contains(byte)
    }
}
