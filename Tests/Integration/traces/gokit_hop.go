// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// A Go kit service with Go kit's own zipkin middleware: `gokit_hop <port> <spans url> [<next url>]`.
//
// GET /hop calls the next service, when there is one, and answers what it answers.
package main

import (
	"context"
	"io/ioutil"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"

	kitzipkin "github.com/go-kit/kit/tracing/zipkin"
	kithttp "github.com/go-kit/kit/transport/http"
	"github.com/openzipkin/zipkin-go"
	reporterhttp "github.com/openzipkin/zipkin-go/reporter/http"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func text(_ context.Context, response *http.Response) (interface{}, error) {
	defer response.Body.Close()
	body, err := ioutil.ReadAll(response.Body)
	return string(body), err
}

func main() {
	local, err := zipkin.NewEndpoint("gokit", "127.0.0.1:"+os.Args[1])
	check(err)
	reporter := reporterhttp.NewReporter(os.Args[2], reporterhttp.BatchSize(1))
	tracer, err := zipkin.NewTracer(reporter, zipkin.WithLocalEndpoint(local), zipkin.WithTraceID128Bit(true))
	check(err)
	endpoint := func(context.Context, interface{}) (interface{}, error) { return "end", nil }
	if len(os.Args) > 3 {
		next, err := url.Parse(os.Args[3])
		check(err)
		empty := func(context.Context, *http.Request, interface{}) error { return nil }
		endpoint = kithttp.NewClient("GET", next, empty, text, kitzipkin.HTTPClientTrace(tracer)).Endpoint()
	}
	hop := kithttp.NewServer(
		endpoint,
		func(context.Context, *http.Request) (interface{}, error) { return nil, nil },
		func(_ context.Context, writer http.ResponseWriter, answer interface{}) error {
			_, err := writer.Write([]byte(strings.TrimSpace(answer.(string))))
			return err
		},
		kitzipkin.HTTPServerTrace(tracer),
	)
	http.Handle("/hop", hop)
	http.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	check(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
