// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// The metric rows of client_golang: the same series and values as ours, a line of JSON for each.
package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
)

const routes = 1000

var rows = []row{
	{"increment", func() report { return steady(increments()) }},
	{"increment_two_threads", func() report { return twoThreads(increments()) }},
	{"look_up", func() report { return steady(lookUps()) }},
	{"look_up_in_turn", func() report { return steady(lookUpsInTurn()) }},
	{"look_up_two_threads", func() report { return twoThreads(lookUps()) }},
	{"observe", func() report { return steady(observations()) }},
	{"observe_two_threads", func() report { return twoThreads(observations()) }},
	{"scrape_10000", func() report { return scrape(10_000) }},
	{"scrape_100000", func() report { return scrape(100_000) }},
	{"register_10000", func() report { return register(10_000) }},
	{"register_50000", func() report { return register(50_000) }},
	{"register_100000", func() report { return register(100_000) }},
	{"million", million},
}

func main() { printReports(rows, "golang-github-prometheus-client-golang-dev") }

func requests() *prometheus.CounterVec {
	return prometheus.NewCounterVec(
		prometheus.CounterOpts{Name: "http_requests_total", Help: "Requests."},
		[]string{"method", "route", "code"},
	)
}

func routeNames(count int) []string {
	names := make([]string, count)
	for i := range names {
		names[i] = "/api/v1/resource/" + strconv.Itoa(i)
	}
	return names
}

func increments() batch {
	counter := requests().WithLabelValues("GET", "/api/v1/resource/7", "200")
	return func(count int) {
		for i := 0; i < count; i++ {
			counter.Inc()
		}
	}
}

func lookUps() batch {
	family := requests()
	for _, route := range routeNames(routes) {
		family.WithLabelValues("GET", route, "200").Inc()
	}
	return func(count int) {
		for i := 0; i < count; i++ {
			family.WithLabelValues("GET", "/api/v1/resource/7", "200").Inc()
		}
	}
}

func lookUpsInTurn() batch {
	family := requests()
	names := routeNames(routes)
	return func(count int) {
		next := 0
		for i := 0; i < count; i++ {
			family.WithLabelValues("GET", names[next], "200").Inc()
			if next++; next == len(names) {
				next = 0
			}
		}
	}
}

func observations() batch {
	histogram := prometheus.NewHistogramVec(
		prometheus.HistogramOpts{Name: "request_duration_seconds", Buckets: prometheus.DefBuckets},
		[]string{"method", "route", "code"},
	).WithLabelValues("GET", "/api/v1/resource/7", "200")
	values := logUniformSeconds()
	return func(count int) {
		for i := 0; i < count; i++ {
			histogram.Observe(values[i&(len(values)-1)])
		}
	}
}

// logUniformSeconds are 4096 values from 1 ms to 20 s, as many in each decade.
func logUniformSeconds() []float64 {
	values := make([]float64, 4096)
	state := uint64(1)
	for i := range values {
		state = state*6364136223846793005 + 1442695040888963407 // Knuth's MMIX
		unit := float64(state>>11) / (1 << 53)
		values[i] = math.Exp(math.Log(0.001) + unit*math.Log(20/0.001))
	}
	return values
}

func scrape(series int) report {
	family := requests()
	registry := prometheus.NewRegistry()
	registry.MustRegister(family)
	names := routeNames(routes)
	for i := 0; i < series; i++ {
		family.WithLabelValues("GET", names[i%routes], strconv.Itoa(200+i/routes)).Add(float64(i) * 37)
	}
	var text bytes.Buffer
	return steady(func(count int) {
		for i := 0; i < count; i++ {
			text.Reset()
			gather(registry, &text)
		}
	})
}

func gather(registry *prometheus.Registry, text *bytes.Buffer) {
	families, err := registry.Gather()
	for _, family := range families {
		if err == nil {
			_, err = expfmt.MetricFamilyToText(text, family)
		}
	}
	orExit(err)
}

// register is the mean of a new series while their number doubles.
func register(series int) report {
	names := routeNames(2 * series)
	repetitions := 400_000 / series
	if repetitions > 8 {
		repetitions = 8
	}
	return fastest(repetitions, func() report {
		family := requests()
		for _, name := range names[:series] {
			family.WithLabelValues("GET", name, "200").Inc()
		}
		return once(series, func() {
			for _, name := range names[series:] {
				family.WithLabelValues("GET", name, "200").Inc()
			}
		})
	})
}

// million meets a label whose values never end.
func million() report {
	names := routeNames(1_000_000)
	family := requests()
	before := residentBytes()
	found := once(len(names), func() {
		for _, name := range names {
			family.WithLabelValues("GET", name, "200").Inc()
		}
	})
	growth := residentBytes() - before
	runtime.KeepAlive(names)
	series := make(chan prometheus.Metric, len(names))
	family.Collect(series)
	found.Remark = fmt.Sprintf("%d series, %.1f MiB more in memory", len(series), growth/(1<<20))
	return found
}

func residentBytes() float64 {
	statm, err := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(statm))
	if err != nil || len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseFloat(fields[1], 64)
	return pages * float64(os.Getpagesize())
}
