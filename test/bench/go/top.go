// Prints the largest of a table of counts.
package main

import (
	"fmt"
	"sort"
)

func printTop(counts map[string]int64, n int) {
	keys := make([]string, 0, len(counts))
	for key := range counts {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(a, b int) bool { return counts[keys[a]] > counts[keys[b]] })
	for _, key := range keys[:min(n, len(keys))] {
		fmt.Printf("%s\t%d\n", key, counts[key])
	}
}
