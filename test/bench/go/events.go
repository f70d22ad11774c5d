// NDJSON events: sum by key, and filter and write.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"sync"
)

type event struct {
	ID     int64  `json:"id"`
	Time   string `json:"time"`
	User   string `json:"user"`
	Status int    `json:"status"`
	Method string `json:"method"`
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	Ms     int64  `json:"ms"`
}

// What the sum reads of an event.
type usage struct {
	User   string `json:"user"`
	Status int    `json:"status"`
	Bytes  int64  `json:"bytes"`
}

// eventsChannels: a goroutine a stage and a channel send a record.
func eventsChannels(path string) {
	lines, parsed, good := make(chan string), make(chan usage), make(chan usage)
	go func() {
		eachLine(path, func(line []byte) { lines <- string(line) })
		close(lines)
	}()
	go func() {
		for line := range lines {
			var record usage
			must(json.Unmarshal([]byte(line), &record))
			parsed <- record
		}
		close(parsed)
	}()
	go func() {
		for record := range parsed {
			if record.Status == 200 {
				good <- record
			}
		}
		close(good)
	}()
	sums := map[string]int64{}
	for record := range good {
		sums[record.User] += record.Bytes
	}
	printTop(sums, 10)
}

// eventsBatches: batches of lines to two parsers, each with sums of its own.
func eventsBatches(path string) {
	lines := make(chan []string, 8)
	go sendLines(path, lines)
	const workers = 2
	tables := [workers]map[string]int64{}
	var group sync.WaitGroup
	for worker := range workers {
		group.Add(1)
		go func() {
			defer group.Done()
			sums := map[string]int64{}
			for batch := range lines {
				for _, line := range batch {
					var record usage
					must(json.Unmarshal([]byte(line), &record))
					if record.Status == 200 {
						sums[record.User] += record.Bytes
					}
				}
			}
			tables[worker] = sums
		}()
	}
	group.Wait()
	sums := tables[0]
	for user, bytes := range tables[1] {
		sums[user] += bytes
	}
	printTop(sums, 10)
}

type derivedEvent struct {
	event
	Kb   int64 `json:"kb"`
	Slow bool  `json:"slow"`
}

// eventsWrite: batches to two workers that parse, filter, derive and encode; one writer. Order is not kept.
func eventsWrite(path, target string) {
	lines, texts := make(chan []string, 8), make(chan []byte, 8)
	go sendLines(path, lines)
	var group sync.WaitGroup
	for range 2 {
		group.Add(1)
		go func() {
			defer group.Done()
			for batch := range lines {
				texts <- deriveBatch(batch)
			}
		}()
	}
	go func() {
		group.Wait()
		close(texts)
	}()
	file, err := os.Create(target)
	must(err)
	writer := bufio.NewWriterSize(file, 1<<20)
	for text := range texts {
		_, err := writer.Write(text)
		must(err)
	}
	must(writer.Flush())
	must(file.Close())
}

func deriveBatch(batch []string) []byte {
	text := make([]byte, 0, 128*len(batch))
	for _, line := range batch {
		var record event
		must(json.Unmarshal([]byte(line), &record))
		if record.Status != 200 {
			continue
		}
		encoded, err := json.Marshal(derivedEvent{record, record.Bytes / 1024, record.Ms > 500})
		must(err)
		text = append(append(text, encoded...), '\n')
	}
	return text
}
