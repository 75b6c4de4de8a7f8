// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// The log rows of logrus: the line of our own rows, its formatters' own order of keys.
package main

import (
	"io"
	"time"

	"github.com/sirupsen/logrus"
)

var keys = logrus.FieldMap{logrus.FieldKeyTime: "ts"}

var rows = []row{
	{"six_pairs_logfmt", func() report {
		return steady(lines(&logrus.TextFormatter{FieldMap: keys, TimestampFormat: time.RFC3339Nano}))
	}},
	{"six_pairs_json", func() report {
		return steady(lines(&logrus.JSONFormatter{FieldMap: keys, TimestampFormat: time.RFC3339Nano}))
	}},
}

func main() {
	time.Local = time.UTC
	printReports(rows, "golang-github-sirupsen-logrus-dev")
}

func lines(formatter logrus.Formatter) batch {
	logger := logrus.New()
	logger.SetOutput(io.Discard)
	logger.SetFormatter(formatter)
	return func(count int) {
		for i := 0; i < count; i++ {
			logger.WithFields(logrus.Fields{
				"method":  "GET",
				"route":   "/orders/{id}",
				"status":  200,
				"took_ms": 12,
				"user":    "alice",
				"ratio":   0.75,
			}).Info("request completed")
		}
	}
}
