// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Instrumentation
import Testing
import WingbeatModel

@Suite("Spans and trace contexts")
struct SpanRecordTests {
    private func span() throws -> SpanRecord {
        SpanRecord(traceID: try #require(TraceID(hex: "a")), id: try #require(SpanID(1)))
    }

    @Test("a new span knows nothing but its ids")
    func empty() throws {
        let span = try span()
        #expect(span.parentID == nil && span.kind == nil && span.name.isEmpty)
        #expect(span.startNanoseconds == 0 && span.durationNanoseconds == 0 && span.status == .unset)
        #expect(span.attributes.isEmpty && span.events.isEmpty && span.links.isEmpty)
        #expect(span.resource == nil && span.localEndpoint == nil && span.remoteEndpoint == nil)
        #expect(!span.isShared && !span.isDebug && !span.isError)
        #expect(span.serviceName == nil)
        #expect(span[attribute: "any"] == nil)
    }

    @Test("the service is the local endpoint's, or else the resource's")
    func serviceName() throws {
        var span = try span()
        span.resource = Resource(serviceName: "from resource")
        #expect(span.serviceName == "from resource")
        span.localEndpoint = NetworkEndpoint(ipv4: "1.2.3.4")
        #expect(span.serviceName == "from resource")
        span.localEndpoint?.serviceName = "from endpoint"
        #expect(span.serviceName == "from endpoint")
    }

    @Test("a span failed when its status says so, or when it has an error tag, whatever its text")
    func errors() throws {
        var span = try span()
        span.status = .ok
        #expect(!span.isError)
        span.status = .error("")
        #expect(span.isError)
        span.status = .ok
        span.attributes = [Attribute("error.type", "timeout"), Attribute("Error", "x")]
        #expect(!span.isError)
        span.attributes.append(Attribute("error", .bool(false)))  // OpenTelemetry's way to say that it went well
        #expect(!span.isError)
        span.attributes = [Attribute("error", "false")]  // Zipkin's tags are texts, and count by being there
        #expect(span.isError)
    }

    @Test("of an attribute that is there twice the first is read")
    func attributes() throws {
        var span = try span()
        span.attributes = [Attribute("a", 1), Attribute("b", 2), Attribute("a", 3)]
        #expect(span[attribute: "a"] == 1)
        #expect(span[attribute: "b"] == 2)
        #expect(span[attribute: "c"] == nil)
    }

    @Test("only sampled and debug traces are recorded")
    func sampling() {
        #expect(!SamplingDecision.deferred.isSampled)
        #expect(!SamplingDecision.notSampled.isSampled)
        #expect(SamplingDecision.sampled.isSampled)
        #expect(SamplingDecision.debug.isSampled)
    }

    @Test("the current trace is that of the task's service context, and none outside of it")
    func currentContext() async throws {
        #expect(TraceContext.current == nil)
        var context = ServiceContext.topLevel
        #expect(context.traceContext == nil)
        let trace = TraceContext(
            traceID: try #require(TraceID(hex: "a")),
            spanID: try #require(SpanID(1)),
            sampling: .sampled
        )
        #expect(trace.parentID == nil && trace.traceState.isEmpty && !trace.isRemote)
        context.traceContext = trace
        await ServiceContext.withValue(context) {
            #expect(TraceContext.current == trace)
            async let child = TraceContext.current
            #expect(await child == trace)
        }
        #expect(TraceContext.current == nil)
        context.traceContext = nil
        #expect(context.isEmpty)
    }
}
