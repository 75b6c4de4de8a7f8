// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// The span rows of zipkin-go: the span of our own rows, given to a reporter that does nothing.
package main

import (
	"github.com/openzipkin/zipkin-go"
	"github.com/openzipkin/zipkin-go/model"
	"github.com/openzipkin/zipkin-go/reporter"
)

var rows = []row{
	{"recorded_five_tags", func() report { return steady(spans(zipkin.AlwaysSample)) }},
	{"unsampled_five_tags", func() report { return steady(spans(zipkin.NeverSample)) }},
}

func main() {
	printReports(rows, "golang-github-openzipkin-zipkin-go-dev")
}

func spans(sampler zipkin.Sampler) batch {
	endpoint, err := zipkin.NewEndpoint("checkout", "127.0.0.1:80")
	orExit(err)
	tracer, err := zipkin.NewTracer(
		reporter.NewNoopReporter(), zipkin.WithLocalEndpoint(endpoint), zipkin.WithSampler(sampler),
		zipkin.WithTraceID128Bit(true),
	)
	orExit(err)
	return func(count int) {
		for i := 0; i < count; i++ {
			span := tracer.StartSpan("GET /orders/{id}", zipkin.Kind(model.Server))
			span.Tag("http.request.method", "GET")
			span.Tag("http.route", "/orders/{id}")
			span.Tag("http.response.status_code", "200")
			span.Tag("server.address", "checkout.example.com")
			span.Tag("cache.hit", "true")
			span.Finish()
		}
	}
}
