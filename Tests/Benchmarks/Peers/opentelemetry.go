// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// The span rows of OpenTelemetry's SDK: the span of our own rows.
package main

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

var rows = []row{
	{"recorded_five_attributes", func() report { return steady(spans(sdk.WithSampler(sdk.AlwaysSample()))) }},
	{"batched_five_attributes", batched},
	{"unsampled_five_attributes", func() report { return steady(spans(sdk.WithSampler(sdk.NeverSample()))) }},
}

func main() {
	printReports(rows, "golang-opentelemetry-otel-dev")
}

// batched hands spans to the batch processor, which drops what its queue has no room for.
func batched() report {
	found := steady(spans(sdk.WithBatcher(discard{})))
	found.Remark = "drops what its queue has no room for"
	return found
}

type discard struct{}

func (discard) ExportSpans(context.Context, []sdk.ReadOnlySpan) error { return nil }
func (discard) Shutdown(context.Context) error                       { return nil }

func spans(options ...sdk.TracerProviderOption) batch {
	tracer := sdk.NewTracerProvider(options...).Tracer("bench")
	return func(count int) {
		for i := 0; i < count; i++ {
			_, span := tracer.Start(
				context.Background(), "GET /orders/{id}", trace.WithSpanKind(trace.SpanKindServer),
			)
			span.SetAttributes(
				attribute.String("http.request.method", "GET"),
				attribute.String("http.route", "/orders/{id}"),
				attribute.Int("http.response.status_code", 200),
				attribute.String("server.address", "checkout.example.com"),
				attribute.Bool("cache.hit", true),
			)
			span.End()
		}
	}
}
