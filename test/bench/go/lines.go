// Reads the lines of a file.
package main

import (
	"bufio"
	"os"
)

const batchSize = 1024

// eachLine calls f with every line; the bytes are only valid until f returns.
func eachLine(path string, f func(line []byte)) {
	file, err := os.Open(path)
	must(err)
	defer file.Close()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(make([]byte, 1<<20), 1<<20)
	for scanner.Scan() {
		f(scanner.Bytes())
	}
	must(scanner.Err())
}

// sendLines sends batches of lines and closes the channel.
func sendLines(path string, out chan<- []string) {
	batch := make([]string, 0, batchSize)
	eachLine(path, func(line []byte) {
		batch = append(batch, string(line))
		if len(batch) == batchSize {
			out <- batch
			batch = make([]string, 0, batchSize)
		}
	})
	out <- batch
	close(out)
}
