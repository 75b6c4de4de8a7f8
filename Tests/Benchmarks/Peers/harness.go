// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// report is what one operation costs.
type report struct {
	Row         string   `json:"row"`
	Nanoseconds float64  `json:"ns"`
	Allocations *float64 `json:"allocations,omitempty"`
	Remark      string   `json:"remark,omitempty"`
	Version     string   `json:"version"`
	Go          string   `json:"go"`
}

// row is a measurement that can be asked for by its name.
type row struct {
	name    string
	measure func() report
}

// printReports measures the rows that the arguments name, or all without any, and prints a line of JSON for each. The
// package is Debian's of the library.
func printReports(rows []row, library string) {
	version := packageVersion(library)
	output := json.NewEncoder(os.Stdout)
	for _, row := range rows {
		if !isWanted(row.name) {
			continue
		}
		found := row.measure()
		found.Row, found.Version, found.Go = row.name, version, runtime.Version()
		orExit(output.Encode(found))
	}
}

func isWanted(name string) bool {
	for _, argument := range os.Args[1:] {
		if argument == name {
			return true
		}
	}
	return len(os.Args) == 1
}

func orExit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// batch runs an operation as many times as it is told.
type batch func(count int)

const repetitionLength = 1.5e6

// steady measures an operation that may be repeated without end: CPU time of the process, the collection of its
// garbage included, and allocations.
func steady(operation batch) report {
	measured := func(count int) float64 {
		start := clock(unix.CLOCK_PROCESS_CPUTIME_ID)
		operation(count)
		return float64(clock(unix.CLOCK_PROCESS_CPUTIME_ID) - start)
	}
	count := calibratedCount(measured)
	found := report{Nanoseconds: fastestRepetition(count, measured)}
	if count > 1000 {
		count = 1000
	}
	found.Allocations = allocations(count, func() { operation(count) })
	return found
}

// once measures a run that cannot be repeated.
func once(count int, body func()) report {
	var found report
	found.Allocations = allocations(count, func() {
		start := clock(unix.CLOCK_PROCESS_CPUTIME_ID)
		body()
		found.Nanoseconds = float64(clock(unix.CLOCK_PROCESS_CPUTIME_ID)-start) / float64(count)
	})
	return found
}

// fastest keeps the smallest of a few runs that need a preparation of their own.
func fastest(repetitions int, run func() report) report {
	found := run()
	for i := 1; i < repetitions; i++ {
		if next := run(); next.Nanoseconds < found.Nanoseconds {
			found = next
		}
	}
	return found
}

// twoThreads measures an operation that two threads do at the same time, each on a core of its own: wall time of one
// operation of one thread, from the common start to the later finish.
func twoThreads(operation batch) report {
	measured := func(count int) float64 { return together(count, operation) }
	return report{Nanoseconds: fastestRepetition(calibratedCount(measured), measured)}
}

func together(count int, operation batch) float64 {
	var missing, start int64 = 2, 0
	ends := make(chan int64, 2)
	for runner := 0; runner < 2; runner++ {
		go func(core int) {
			runtime.LockOSThread() // never unlocked: the thread ends with its goroutine, and its core with it
			pin(core)
			operation(1)
			if atomic.AddInt64(&missing, -1) == 0 {
				atomic.StoreInt64(&start, clock(unix.CLOCK_MONOTONIC))
			}
			for atomic.LoadInt64(&start) == 0 {
			}
			operation(count)
			ends <- clock(unix.CLOCK_MONOTONIC)
		}(runner)
	}
	first, second := <-ends, <-ends
	if first > second {
		return float64(first - start)
	}
	return float64(second - start)
}

// pin ties the thread to one of the cores that the process had at first.
func pin(number int) {
	if len(cores) == 0 {
		return
	}
	var one unix.CPUSet
	one.Set(cores[number%len(cores)])
	_ = unix.SchedSetaffinity(0, &one)
}

// cores are asked for before any thread is tied to one.
var cores = func() (found []int) {
	var allowed unix.CPUSet
	if unix.SchedGetaffinity(0, &allowed) != nil {
		return nil
	}
	for core := 0; core < 8*int(unsafe.Sizeof(allowed)); core++ {
		if allowed.IsSet(core) {
			found = append(found, core)
		}
	}
	return found
}()

func calibratedCount(measured func(count int) float64) int {
	for count := 1; ; count *= 2 {
		taken := undisturbed(count, measured)
		if taken <= repetitionLength/4 {
			continue
		}
		if fitting := int(float64(count) * repetitionLength / taken); fitting > 1 {
			return fitting
		}
		return 1
	}
}

// undisturbed is the best of ten where the first try was long, because a pause would look like a long operation.
func undisturbed(count int, measured func(count int) float64) float64 {
	best := measured(count)
	for i := 0; i < 9 && best > repetitionLength/4 && best < 100*repetitionLength; i++ {
		best = math.Min(best, measured(count))
	}
	return best
}

// fastestRepetition is the minimum over up to 80 repetitions or 0.7 s.
func fastestRepetition(count int, measured func(count int) float64) float64 {
	deadline := time.Now().Add(700 * time.Millisecond)
	found := measured(count)
	for i := 1; i < 80 && time.Now().Before(deadline); i++ {
		if next := measured(count); next < found {
			found = next
		}
	}
	return found / float64(count)
}

func allocations(count int, body func()) *float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	body()
	runtime.ReadMemStats(&after)
	each := float64(after.Mallocs-before.Mallocs) / float64(count)
	return &each
}

func clock(id int32) int64 {
	var now unix.Timespec
	_ = unix.ClockGettime(id, &now)
	return now.Nano()
}

// packageVersion is what Debian calls it.
func packageVersion(name string) string {
	version, err := exec.Command("dpkg-query", "-W", "-f", "${Version}", name).Output()
	if err != nil {
		return "of unknown version"
	}
	return strings.TrimSpace(string(version))
}
