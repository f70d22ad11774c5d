// The work of the bench's cases written in Go: with channels as in talks about pipelines, and with tuned batches.
package main

import (
	"fmt"
	"os"
	"strconv"
)

// Programs by name; each gets the words behind it.
var programs = map[string]func(args []string){
	"top-pages-channels": func(args []string) { topPagesChannels(args[0]) },
	"top-pages-batches":  func(args []string) { topPagesBatches(args[0]) },
	"top-pages-tuned":    func(args []string) { topPagesTuned(args[0]) },
	"events-channels":    func(args []string) { eventsChannels(args[0]) },
	"events-batches":     func(args []string) { eventsBatches(args[0]) },
	"events-write":       func(args []string) { eventsWrite(args[0], args[1]) },
	"numbers-channels":   func(args []string) { numbersChannels(count(args), 0) },
	"numbers-buffered":   func(args []string) { numbersChannels(count(args), 1024) },
	"numbers-batches":    func(args []string) { numbersBatches(count(args)) },
	"records-channels":   func(args []string) { recordsChannels(count(args), 0) },
	"records-buffered":   func(args []string) { recordsChannels(count(args), 1024) },
	"records-batches":    func(args []string) { recordsBatches(count(args)) },
	"fan-out-channels":   func(args []string) { fanOutChannels(count(args), 0) },
	"fan-out-buffered":   func(args []string) { fanOutChannels(count(args), 1024) },
}

func main() {
	program, found := programs[append(os.Args, "")[1]]
	if !found {
		fmt.Fprintln(os.Stderr, "usage: bench PROGRAM ARGS...")
		os.Exit(2)
	}
	program(os.Args[2:])
}

func count(args []string) int64 {
	n, err := strconv.ParseInt(args[0], 10, 64)
	must(err)
	return n
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
