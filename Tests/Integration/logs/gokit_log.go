// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Logs events with go-kit/log to standard output: gokit_log logfmt|json < events.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/go-kit/log"
)

type event struct {
	Level   string
	Message string
	Pairs   []pair
}

// pair has its value as text, so that no JSON library rounds it.
type pair struct {
	Key, Kind, Value string
}

func main() {
	output := bufio.NewWriter(os.Stdout)
	logger := log.NewLogfmtLogger(output)
	if os.Args[1] == "json" {
		logger = log.NewJSONLogger(output)
	}
	input := json.NewDecoder(os.Stdin)
	for number := 1; ; number++ {
		var next event
		err := input.Decode(&next)
		if err == io.EOF {
			break
		}
		if err == nil {
			err = write(next, logger)
		}
		orExit(number, err)
	}
	orExit(0, output.Flush())
}

func orExit(number int, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "event %d: %v\n", number, err)
		os.Exit(1)
	}
}

func write(event event, logger log.Logger) error {
	keyvals := []interface{}{"level", event.Level, "msg", event.Message}
	for _, pair := range event.Pairs {
		value, err := pair.value()
		if err != nil {
			return err
		}
		keyvals = append(keyvals, pair.Key, value)
	}
	return logger.Log(keyvals...)
}

func (pair pair) value() (interface{}, error) {
	switch pair.Kind {
	case "text":
		return pair.Value, nil
	case "bytes":
		bytes, err := base64.StdEncoding.DecodeString(pair.Value)
		return string(bytes), err
	case "int":
		return strconv.ParseInt(pair.Value, 10, 64)
	case "unsigned":
		return strconv.ParseUint(pair.Value, 10, 64)
	case "double":
		return strconv.ParseFloat(pair.Value, 64)
	case "bool":
		return strconv.ParseBool(pair.Value)
	case "null":
		return nil, nil
	case "error":
		return errors.New(pair.Value), nil
	}
	return nil, errors.New("unknown kind " + pair.Kind)
}
