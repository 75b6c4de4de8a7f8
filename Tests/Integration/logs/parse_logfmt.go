// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Reads logfmt on standard input with go-logfmt and prints each record as a JSON array of [key, value] pairs.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/go-logfmt/logfmt"
)

func main() {
	input := logfmt.NewDecoder(os.Stdin)
	buffer := bufio.NewWriter(os.Stdout)
	output := json.NewEncoder(buffer)
	line := 0
	for input.ScanRecord() {
		line++
		record := [][2]string{}
		for input.ScanKeyval() {
			record = append(record, [2]string{string(input.Key()), string(input.Value())})
		}
		if input.Err() == nil {
			orExit(line, output.Encode(record))
		}
	}
	orExit(line, input.Err())
	orExit(line, buffer.Flush())
}

func orExit(line int, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "line %d: %v\n", line, err)
		os.Exit(1)
	}
}
