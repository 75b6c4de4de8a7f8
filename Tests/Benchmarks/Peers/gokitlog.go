// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// The log rows of go-kit/log: the line of our own rows, as keyvals.
package main

import (
	"io"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
)

var rows = []row{
	{"six_pairs_logfmt", func() report { return steady(lines(level.Info, log.NewLogfmtLogger)) }},
	{"six_pairs_json", func() report { return steady(lines(level.Info, log.NewJSONLogger)) }},
	{"disabled", func() report { return steady(lines(level.Debug, log.NewLogfmtLogger)) }},
}

func main() { printReports(rows, "golang-github-go-kit-log-dev") }

// lines sets the level of each line as it is logged, as programs do.
func lines(levelled func(log.Logger) log.Logger, encoded func(io.Writer) log.Logger) batch {
	stamped := log.With(encoded(io.Discard), "ts", log.DefaultTimestampUTC)
	logger := level.NewFilter(stamped, level.AllowInfo())
	return func(count int) {
		for i := 0; i < count; i++ {
			_ = levelled(logger).Log(
				"msg", "request completed",
				"method", "GET",
				"route", "/orders/{id}",
				"status", 200,
				"took_ms", 12,
				"user", "alice",
				"ratio", 0.75,
			)
		}
	}
}
