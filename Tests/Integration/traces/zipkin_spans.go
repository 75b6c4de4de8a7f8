// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Sends what zipkin-go can say in spans: `zipkin_spans <spans url>`.
package main

import (
	"errors"
	"log"
	"net"
	"os"
	"time"

	"github.com/openzipkin/zipkin-go"
	"github.com/openzipkin/zipkin-go/model"
	reporterhttp "github.com/openzipkin/zipkin-go/reporter/http"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func tracer(name string, options ...zipkin.TracerOption) (*zipkin.Tracer, func()) {
	local, err := zipkin.NewEndpoint(name, "192.168.1.7:8080")
	check(err)
	reporter := reporterhttp.NewReporter(os.Args[1])
	made, err := zipkin.NewTracer(reporter, append(options, zipkin.WithLocalEndpoint(local))...)
	check(err)
	return made, func() { check(reporter.Close()) }
}

// spans makes one of each kind, with all that belongs to a span, the children below the first.
func spans(tracer *zipkin.Tracer, parent model.SpanContext) {
	kinds := []model.Kind{model.Server, model.Client, model.Producer, model.Consumer, model.Undetermined}
	for index, kind := range kinds {
		span := tracer.StartSpan("Order "+string(kind), zipkin.Kind(kind), zipkin.Parent(parent))
		span.Tag("http.path", "/orders?q=ä&r=\"💩\"")
		span.Tag("empty", "")
		span.Annotate(time.Now(), "wire\tsent")
		span.SetRemoteEndpoint(&model.Endpoint{ServiceName: "Bank", IPv4: net.IPv4(10, 0, 0, 1), Port: 443})
		if index == 1 {
			span.SetRemoteEndpoint(&model.Endpoint{IPv6: net.ParseIP("2001:db8::c001")})
			zipkin.TagError.Set(span, errors.New("gone").Error())
		}
		time.Sleep(2 * time.Millisecond)
		span.Finish()
		if index == 0 {
			parent = span.Context()
		}
	}
}

func main() {
	long, sendLong := tracer("Shop", zipkin.WithTraceID128Bit(true))
	spans(long, model.SpanContext{})
	sendLong()

	short, sendShort := tracer("Till")
	spans(short, model.SpanContext{})
	sampled := true
	remote := model.SpanContext{TraceID: model.TraceID{Low: 7}, ID: 8, Sampled: &sampled}
	spans(short, remote) // its server shares the span id
	spans(short, model.SpanContext{TraceID: model.TraceID{Low: 9}, ID: 10, Debug: true})
	sendShort()
}
