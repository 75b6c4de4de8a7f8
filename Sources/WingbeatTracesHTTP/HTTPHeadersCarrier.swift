// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Instrumentation
public import NIOHTTP1

/// Reads headers from SwiftNIO's headers, as AsyncHTTPClient and Vapor have them.
public struct HTTPHeadersExtractor: Extractor {
    /// The extractor has no settings.
    public init() {}

    /// The values of a header, in any case, joined with commas.
    public func extract(key: String, from headers: HTTPHeaders) -> String? {
        let values = headers[key]
        return values.count > 1 ? values.joined(separator: ",") : values.first
    }
}

/// Writes headers into SwiftNIO's headers.
public struct HTTPHeadersInjector: Injector {
    /// The injector has no settings.
    public init() {}

    /// Sets a header; what stood there before is replaced.
    public func inject(_ value: String, forKey key: String, into headers: inout HTTPHeaders) {
        headers.replaceOrAdd(name: key, value: value)
    }
}
