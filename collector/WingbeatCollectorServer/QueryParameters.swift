// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import WingbeatModel

/// The parameters of a request's query. A plus sign is a space, as HTML forms and `URLSearchParams` write it.
struct QueryParameters {
    private var values: [String: [String]] = [:]

    init(_ request: Request) throws(RequestError) {
        for pair in request.uri.description.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = parts.count > 1 ? Self.decode(parts[1]) : "" else {
                throw RequestError(.badRequest, "\(pair.prefix(100)) is not percent-encoded UTF-8")
            }
            values[name, default: []].append(value)
        }
    }

    /// The last value; nil when it is missing or empty.
    subscript(name: String) -> String? {
        values[name]?.last.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// All values of a parameter that may be repeated, without empty ones.
    func all(_ name: String) -> [String] {
        values[name, default: []].filter { !$0.isEmpty }
    }

    func required(_ name: String) throws(RequestError) -> String {
        guard let value = self[name] else { throw RequestError(.badRequest, "\(name) is required") }
        return value
    }

    func integer(_ name: String) throws(RequestError) -> Int64? {
        guard let text = self[name] else { return nil }
        guard let value = Int64(text) else {
            throw RequestError(.badRequest, "\(name)=\(text.prefix(40)) is not a whole number")
        }
        return value
    }

    private static func decode(_ text: Substring) -> String? {
        Substring(String(text.map { $0 == "+" ? " " : $0 })).percentDecoded()
    }
}
