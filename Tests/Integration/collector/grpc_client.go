// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

// Calls a unary method of gRPC many times over one connection, with the message from standard input, and says how often
// each status came back.
package main

import (
	"context"
	"fmt"
	"io/ioutil"
	"os"
	"strconv"
	"sync"
	"time"

	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/status"
)

// Takes messages as bytes, so that no code has to be generated.
type bytesCodec struct{}

func (bytesCodec) Marshal(v interface{}) ([]byte, error)      { return *v.(*[]byte), nil }
func (bytesCodec) Unmarshal(data []byte, v interface{}) error { *v.(*[]byte) = data; return nil }
func (bytesCodec) Name() string                               { return "proto" }

func main() {
	address, method, compressor := os.Args[1], os.Args[2], os.Args[3]
	count, _ := strconv.Atoi(os.Args[4])
	message, err := ioutil.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	connection, err := grpc.DialContext(ctx, address, grpc.WithInsecure(), grpc.WithBlock())
	if err != nil {
		panic(err)
	}
	options := []grpc.CallOption{grpc.ForceCodec(bytesCodec{})}
	if compressor != "" {
		options = append(options, grpc.UseCompressor(compressor))
	}
	var lock sync.Mutex
	var calls sync.WaitGroup
	statuses := map[string]int{}
	for i := 0; i < count; i++ {
		calls.Add(1)
		go func() {
			defer calls.Done()
			var answer []byte
			err := connection.Invoke(ctx, method, &message, &answer, options...)
			lock.Lock()
			statuses[fmt.Sprintf("%s %x", status.Code(err), answer)]++
			lock.Unlock()
		}()
	}
	calls.Wait()
	for status, count := range statuses {
		fmt.Println(count, status)
	}
}
