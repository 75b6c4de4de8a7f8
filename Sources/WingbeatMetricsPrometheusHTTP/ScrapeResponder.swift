// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import WingbeatMetricsPrometheus

/// What is answered to which request.
struct ScrapeResponder: Sendable {
    let endpoint: PrometheusEndpoint
    let path: String

    struct Answer: Sendable {
        let status: HTTPResponseStatus
        var headers: HTTPHeaders = [:]
        let body: [UInt8]
    }

    func answer(to request: HTTPRequestHead) -> Answer {
        guard request.uri.prefix(while: { $0 != "?" }) == path else {
            return .sentence(.notFound, "The metrics are at \(path).")
        }
        guard request.method == .GET || request.method == .HEAD else {
            return .sentence(.methodNotAllowed, "The metrics can only be read.", ["Allow": "GET, HEAD"])
        }
        let response = endpoint.respond(
            accept: request.headers.joined("Accept"),
            acceptEncoding: request.headers.joined("Accept-Encoding")
        )
        var headers: HTTPHeaders = ["Content-Type": response.contentType]
        if let encoding = response.contentEncoding { headers.add(name: "Content-Encoding", value: encoding) }
        return Answer(status: .ok, headers: headers, body: response.body)
    }
}

extension ScrapeResponder.Answer {
    static func sentence(
        _ status: HTTPResponseStatus,
        _ sentence: String,
        _ headers: HTTPHeaders = [:]
    ) -> ScrapeResponder.Answer {
        var headers = headers
        headers.add(name: "Content-Type", value: "text/plain; charset=utf-8")
        return ScrapeResponder.Answer(status: status, headers: headers, body: Array((sentence + "\n").utf8))
    }
}

extension HTTPHeaders {
    /// All values of a header as one list (RFC 9110, section 5.3); nil when it is not there.
    fileprivate func joined(_ name: String) -> String? {
        let values = self[name]
        return values.isEmpty ? nil : values.joined(separator: ",")
    }
}
