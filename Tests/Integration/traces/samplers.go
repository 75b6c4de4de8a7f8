// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Prints for each trace id whether a library records it, 1 or 0: `samplers otel|zipkin <ratio> [<salt>]`.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/openzipkin/zipkin-go"
	"github.com/openzipkin/zipkin-go/model"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	ratio, err := strconv.ParseFloat(os.Args[2], 64)
	check(err)
	decide := otel(ratio)
	if os.Args[1] == "zipkin" {
		salt, err := strconv.ParseInt(os.Args[3], 10, 64)
		check(err)
		decide = boundary(ratio, salt)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if decide(lines.Text()) {
			fmt.Println("1")
		} else {
			fmt.Println("0")
		}
	}
	check(lines.Err())
}

func otel(ratio float64) func(string) bool {
	sampler := sdk.TraceIDRatioBased(ratio)
	return func(hex string) bool {
		id, err := trace.TraceIDFromHex(hex)
		check(err)
		return sampler.ShouldSample(sdk.SamplingParameters{TraceID: id}).Decision == sdk.RecordAndSample
	}
}

func boundary(ratio float64, salt int64) func(string) bool {
	sampler, err := zipkin.NewBoundarySampler(ratio, salt)
	check(err)
	return func(hex string) bool {
		id, err := model.TraceIDFromHex(hex)
		check(err)
		return sampler(id.Low)
	}
}
