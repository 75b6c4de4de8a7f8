// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// The log rows of zap: the line of our own rows, with typed fields.
package main

import (
	"io"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

var rows = []row{
	{"six_pairs_json", func() report { return steady(lines(logger().Info)) }},
	{"disabled", func() report { return steady(lines(logger().Debug)) }},
}

func main() {
	time.Local = time.UTC
	printReports(rows, "golang-go.uber-zap-dev")
}

func logger() *zap.Logger {
	encoder := zapcore.NewJSONEncoder(zapcore.EncoderConfig{
		TimeKey:     "ts",
		LevelKey:    "level",
		MessageKey:  "msg",
		EncodeTime:  zapcore.RFC3339NanoTimeEncoder,
		EncodeLevel: zapcore.LowercaseLevelEncoder,
	})
	return zap.New(zapcore.NewCore(encoder, zapcore.AddSync(io.Discard), zap.InfoLevel))
}

func lines(log func(message string, fields ...zap.Field)) batch {
	return func(count int) {
		for i := 0; i < count; i++ {
			log(
				"request completed",
				zap.String("method", "GET"),
				zap.String("route", "/orders/{id}"),
				zap.Int("status", 200),
				zap.Int("took_ms", 12),
				zap.String("user", "alice"),
				zap.Float64("ratio", 0.75),
			)
		}
	}
}
