// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import Testing
import WingbeatCollector
import WingbeatCollectorServer
import WingbeatModel

@Suite("Jaeger's metrics", .serialized)
struct JaegerMetricsTests {
    /// The minute that ends at 22:14:00.
    private static let minute: Int64 = 1_700_000_000 / 60
    private static let end = "endTs=1700000040000"

    private var subject: JaegerUnderTest {
        var durations = DurationHistogram()
        durations.record(nanoseconds: 4, times: 60)
        return JaegerUnderTest(rollups: [
            rollup("shop", "pay", CallStatistics(count: 60, errors: 15, durations: durations)),
            rollup("shop", "list", CallStatistics(count: 60)), rollup("other", "x", CallStatistics(count: 1)),
        ])
    }

    private func rollup(_ service: String, _ name: String, _ calls: CallStatistics) -> Rollup {
        Rollup(.operation, minute: Self.minute, service: service, name: name, calls: calls)
    }

    private func point(_ value: String, _ time: String) -> String {
        #"{"gaugeValue":{"doubleValue":\#(value)},"timestamp":"2023-11-14T\#(time).000000000Z"}"#
    }

    @Test("calls a second of a service, over the time before each point")
    func calls() async throws {
        let query = "service=Shop&\(Self.end)&lookback=120000&step=60000&ratePer=60000"
        let points = [point("0", "22:12:00"), point("0", "22:13:00"), point("2", "22:14:00")]
        let expected =
            #"{"name":"service_call_rate","type":"GAUGE","help":"calls/sec, grouped by service","metrics":[{"labels":["#
            + #"{"name":"service_name","value":"shop"}],"metricPoints":[\#(points.joined(separator: ","))]}]}"#
        #expect(try await subject.get("/api/metrics/calls?\(query)").text == expected)
    }

    @Test("the share of errors and the latency of operations; nothing is said of no calls")
    func byOperation() async throws {
        let query = "service=shop&service=none&\(Self.end)&lookback=60000&ratePer=60000&groupByOperation=true"
        let text = try await subject.get("/api/metrics/errors?\(query)").text
        let labels = { (name: String) in
            #"{"labels":[{"name":"service_name","value":"shop"},{"name":"operation","value":"\#(name)"}],"#
        }
        #expect(
            text
                == #"{"name":"service_operation_error_rate","type":"GAUGE","help":"error rate, computed as a fraction "#
                + #"of errors/sec over calls/sec, grouped by service & operation","metrics":["#
                + labels("list") + #""metricPoints":[\#(point("0", "22:14:00"))]},"#
                + labels("pay") + #""metricPoints":[\#(point("0.25", "22:14:00"))]}]}"#
        )
        let latencies = try await subject.get("/api/metrics/latencies?quantile=0.95&\(query)").text
        #expect(
            latencies
                == #"{"name":"service_operation_latencies","type":"GAUGE","help":"0.95th quantile latency, grouped by "#
                + #"service & operation","metrics":["# + labels("list") + #""metricPoints":[]},"#
                + labels("pay") + #""metricPoints":[\#(point("4e-06", "22:14:00"))]}]}"#
        )
    }

    @Test("the smallest step is a minute, and the largest number of points is bounded")
    func steps() async throws {
        let smallest = try await subject.get("/api/metrics/minstep").text
        #expect(smallest == #"{"data":60000,"total":0,"limit":0,"offset":0,"errors":null}"#)
        let ages = "service=shop&\(Self.end)&lookback=1699999999999&step=1&ratePer=60000"
        let text = try await subject.get("/api/metrics/calls?\(ages)").text
        #expect(text.split(separator: "gaugeValue").count - 1 == 201)
    }

    @Test(
        "parameters that make no sense are refused",
        arguments: [
            ("calls", "unable to parse param 'service': please provide at least one service name"),
            ("latencies?service=a", "unable to parse param 'quantile': a number from 0 to 1 is needed"),
            ("latencies?service=a&quantile=nan", "unable to parse param 'quantile': a number from 0 to 1 is needed"),
            ("latencies?service=a&quantile=1.1", "unable to parse param 'quantile': a number from 0 to 1 is needed"),
            ("errors?service=a&ratePer=0", "unable to parse param 'ratePer': 0 is not from 60000 to 3600000"),
            ("errors?service=a&step=x", "unable to parse param 'step': x is not a whole number of 64 bits"),
            ("errors?service=a&lookback=0", "unable to parse param 'lookback': lookback <= 0"),
        ]
    )
    func refused(path: String, message: String) async throws {
        let response = try await subject.get("/api/metrics/\(path)")
        #expect(response.status == .badRequest)
        let problem = #"{"code":400,"msg":"\#(message)"}"#
        #expect(response.text == #"{"data":null,"total":0,"limit":0,"offset":0,"errors":[\#(problem)]}"#)
    }
}
