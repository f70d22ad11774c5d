// Top 5 pages of an access log, three ways.
package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"sync"
)

// The seventh word of a line, as awk counts them.
func pageOf(line string) string {
	for word := 1; word < 7; word++ {
		line = line[strings.IndexByte(line, ' ')+1:]
	}
	return line[:strings.IndexByte(line, ' ')]
}

// topPagesChannels: a goroutine a stage and a channel send a line, as in talks.
func topPagesChannels(path string) {
	lines, pages := make(chan string), make(chan string)
	go func() {
		eachLine(path, func(line []byte) { lines <- string(line) })
		close(lines)
	}()
	go func() {
		for line := range lines {
			pages <- pageOf(line)
		}
		close(pages)
	}()
	counts := map[string]int64{}
	for page := range pages {
		counts[page]++
	}
	printTop(counts, 5)
}

// topPagesBatches: the same stages, with batches of lines on the channels.
func topPagesBatches(path string) {
	lines, pages := make(chan []string, 8), make(chan []string, 8)
	go sendLines(path, lines)
	go func() {
		for batch := range lines {
			for index, line := range batch {
				batch[index] = pageOf(line)
			}
			pages <- batch
		}
		close(pages)
	}()
	counts := map[string]int64{}
	for batch := range pages {
		for _, page := range batch {
			counts[page]++
		}
	}
	printTop(counts, 5)
}

const blockSize = 1 << 20

// topPagesTuned: two workers over halves of the file, blocks of bytes, no string before a page is new.
func topPagesTuned(path string) {
	file, err := os.Open(path)
	must(err)
	defer file.Close()
	info, err := file.Stat()
	must(err)
	const workers = 2
	tables := [workers]map[string]*int64{}
	var group sync.WaitGroup
	for worker := int64(0); worker < workers; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			tables[worker] = countPart(file, info.Size()*worker/workers, info.Size()*(worker+1)/workers)
		}()
	}
	group.Wait()
	counts := map[string]int64{}
	for _, table := range tables {
		for page, count := range table {
			counts[page] += *count
		}
	}
	printTop(counts, 5)
}

// countPart counts the lines that start within [from, to).
func countPart(file *os.File, from, to int64) map[string]*int64 {
	table := map[string]*int64{}
	buffer := make([]byte, blockSize)
	kept := 0
	at := from
	if from > 0 {
		at-- // The line before ends here, or runs into this part.
	}
	skip := from > 0
	start := at // File position of buffer[0].
	for start < to {
		read, err := file.ReadAt(buffer[kept:], at)
		at += int64(read)
		data := buffer[:kept+read]
		if skip {
			end := bytes.IndexByte(data, '\n') + 1
			if end == 0 {
				break // No line starts in what is left.
			}
			data, start, skip = data[end:], start+int64(end), false
		}
		for start < to {
			end := bytes.IndexByte(data, '\n')
			if end < 0 {
				break
			}
			countLine(table, data[:end])
			data, start = data[end+1:], start+int64(end)+1
		}
		if err == io.EOF {
			if start < to && len(data) > 0 {
				countLine(table, data)
			}
			break
		}
		must(err)
		kept = copy(buffer, data)
	}
	return table
}

func countLine(table map[string]*int64, line []byte) {
	quote := bytes.IndexByte(line, '"')
	request := line[quote+1:]
	request = request[bytes.IndexByte(request, ' ')+1:]
	page := request[:bytes.IndexByte(request, ' ')]
	// A lookup by bytes makes no string.
	if count, found := table[string(page)]; found {
		*count++
		return
	}
	one := int64(1)
	table[string(page)] = &one
}
