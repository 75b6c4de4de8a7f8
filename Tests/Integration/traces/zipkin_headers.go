// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Reads and writes B3 headers with zipkin-go: `zipkin_headers extract|inject`, one line of JSON each.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"net/http"
	"os"

	"github.com/openzipkin/zipkin-go/model"
	"github.com/openzipkin/zipkin-go/propagation/b3"
)

type context struct {
	Trace    string `json:"trace,omitempty"`
	Span     string `json:"span,omitempty"`
	Parent   string `json:"parent,omitempty"`
	Sampling string `json:"sampling,omitempty"`
	Error    string `json:"error,omitempty"`
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func extract(line []byte) interface{} {
	var headers [][2]string
	check(json.Unmarshal(line, &headers))
	request, err := http.NewRequest("GET", "http://localhost/", nil)
	check(err)
	for _, header := range headers {
		request.Header.Add(header[0], header[1])
	}
	found, err := b3.ExtractHTTP(request)()
	if err != nil {
		return context{Error: err.Error()}
	}
	result := context{Sampling: "deferred"}
	if !found.TraceID.Empty() {
		result.Trace, result.Span = found.TraceID.String(), found.ID.String()
	}
	if found.ParentID != nil {
		result.Parent = found.ParentID.String()
	}
	if found.Debug {
		result.Sampling = "debug"
	} else if found.Sampled != nil && *found.Sampled {
		result.Sampling = "sampled"
	} else if found.Sampled != nil {
		result.Sampling = "notSampled"
	}
	return result
}

func inject(line []byte) interface{} {
	var given context
	check(json.Unmarshal(line, &given))
	var found model.SpanContext
	var err error
	found.TraceID, err = model.TraceIDFromHex(given.Trace)
	check(err)
	check(json.Unmarshal([]byte(`"`+given.Span+`"`), &found.ID))
	if given.Parent != "" {
		found.ParentID = new(model.ID)
		check(json.Unmarshal([]byte(`"`+given.Parent+`"`), found.ParentID))
	}
	found.Debug = given.Sampling == "debug"
	if given.Sampling == "sampled" || given.Sampling == "notSampled" {
		sampled := given.Sampling == "sampled"
		found.Sampled = &sampled
	}
	request, err := http.NewRequest("GET", "http://localhost/", nil)
	check(err)
	check(b3.InjectHTTP(request)(found))
	headers := [][2]string{}
	for name := range request.Header {
		headers = append(headers, [2]string{name, request.Header.Get(name)})
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
