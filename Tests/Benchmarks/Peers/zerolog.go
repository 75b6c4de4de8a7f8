// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// The log rows of zerolog: the line of our own rows, with typed fields.
package main

import (
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"
)

var rows = []row{
	{"six_pairs_json", func() report { return steady(lines(logger(io.Discard).Info)) }},
	{"disabled", func() report { return steady(lines(logger(io.Discard).Debug)) }},
	{"write_file", writeFile},
}

func main() {
	time.Local = time.UTC
	zerolog.TimeFieldFormat = time.RFC3339Nano
	zerolog.TimestampFieldName, zerolog.MessageFieldName = "ts", "msg"
	printReports(rows, "golang-github-rs-zerolog-dev")
}

func logger(output io.Writer) *zerolog.Logger {
	logger := zerolog.New(output).Level(zerolog.InfoLevel).With().Timestamp().Logger()
	return &logger
}

func lines(start func() *zerolog.Event) batch {
	return func(count int) {
		for i := 0; i < count; i++ {
			start().
				Str("method", "GET").
				Str("route", "/orders/{id}").
				Int("status", 200).
				Int("took_ms", 12).
				Str("user", "alice").
				Float64("ratio", 0.75).
				Msg("request completed")
		}
	}
}

// writeFile writes each line with a system call of its own, to a file beside the program.
func writeFile() report {
	path := filepath.Join(filepath.Dir(os.Args[0]), "zerolog.log")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_WRONLY, 0o600)
	orExit(err)
	defer os.Remove(path)
	defer file.Close()
	return steady(lines(logger(file).Info))
}
