// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Reads and writes W3C headers with OpenTelemetry Go: `otel_headers extract|inject`, one line of JSON each.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

type traceContext struct {
	Trace    string     `json:"trace,omitempty"`
	Span     string     `json:"span,omitempty"`
	Sampling string     `json:"sampling,omitempty"`
	State    string     `json:"state,omitempty"`
	Baggage  [][]string `json:"baggage,omitempty"`
}

var formats = propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func extract(line []byte) interface{} {
	var headers [][2]string
	check(json.Unmarshal(line, &headers))
	carrier := http.Header{}
	for _, header := range headers {
		carrier.Add(header[0], header[1])
	}
	found := formats.Extract(context.Background(), propagation.HeaderCarrier(carrier))
	var result traceContext
	if span := trace.SpanContextFromContext(found); span.IsValid() {
		result.Trace, result.Span = span.TraceID().String(), span.SpanID().String()
		result.State = span.TraceState().String()
		result.Sampling = "notSampled"
		if span.IsSampled() {
			result.Sampling = "sampled"
		}
	}
	for _, member := range baggage.FromContext(found).Members() {
		words := []string{member.Key(), member.Value()}
		for _, property := range member.Properties() {
			words = append(words, property.String())
		}
		result.Baggage = append(result.Baggage, words)
	}
	return result
}

func inject(line []byte) interface{} {
	var given traceContext
	check(json.Unmarshal(line, &given))
	var config trace.SpanContextConfig
	var err error
	config.TraceID, err = trace.TraceIDFromHex(given.Trace)
	check(err)
	config.SpanID, err = trace.SpanIDFromHex(given.Span)
	check(err)
	config.TraceState, err = trace.ParseTraceState(given.State)
	check(err)
	if given.Sampling == "sampled" {
		config.TraceFlags = trace.FlagsSampled
	}
	var members []baggage.Member
	for _, words := range given.Baggage {
		member, err := baggage.NewMember(words[0], words[1])
		check(err)
		members = append(members, member)
	}
	bag, err := baggage.New(members...)
	check(err)
	carrier := http.Header{}
	all := baggage.ContextWithBaggage(context.Background(), bag)
	formats.Inject(trace.ContextWithSpanContext(all, trace.NewSpanContext(config)), propagation.HeaderCarrier(carrier))
	headers := [][2]string{}
	for name := range carrier {
		headers = append(headers, [2]string{name, carrier.Get(name)})
	}
	return headers
}

func main() {
	work := map[string]func([]byte) interface{}{"extract": extract, "inject": inject}[os.Args[1]]
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		check(json.NewEncoder(os.Stdout).Encode(work(lines.Bytes())))
	}
	check(lines.Err())
}
