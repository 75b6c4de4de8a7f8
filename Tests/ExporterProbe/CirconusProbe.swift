// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import WingbeatMetricsCirconus

/// `ExporterProbe circonus once <url>` or `... steady <seconds> <url>`.
enum CirconusProbe {
    static func run(_ arguments: [String]) async throws -> [String: Double] {
        guard let url = arguments.last, arguments.count > 1 else { throw CocoaError(.featureUnsupported) }
        var configuration = CirconusConfiguration(submissionURL: url)
        configuration.histograms = [.distribution, .quantiles]
        configuration.labels = ["host": "probe"]
        configuration.interval = arguments[0] == "once" ? .seconds(3600) : .milliseconds(200)
        let push = PushRun { .circonus(configuration, registry: $0, reportTrouble: $1) }
        return arguments[0] == "once" ? await push.once() : await push.steadily(seconds: Int(arguments[1]) ?? 0)
    }
}
