// The same with records of two fields.
package main

import "fmt"

type pair struct{ n, m int64 }

func recordsChannels(n int64, capacity int) {
	records := generate(n, capacity, func(i int64) pair { return pair{n: i} })
	doubled := stage(records, capacity, func(r pair) (pair, bool) { return pair{r.n, r.n * 2}, true })
	thirds := stage(doubled, capacity, func(r pair) (pair, bool) { return r, r.m%3 == 0 })
	next := stage(thirds, capacity, func(r pair) (pair, bool) { return pair{r.n, r.m + 1}, true })
	var sum int64
	for record := range next {
		sum += record.m
	}
	fmt.Println(sum)
}

func recordsBatches(n int64) {
	free := make(chan []pair, 64)
	records := batchSource(n, free, func(batch []pair, from int64) {
		for i := range batch {
			batch[i] = pair{n: from + int64(i)}
		}
	})
	doubled := batchStage(records, func(batch []pair) []pair {
		for i := range batch {
			batch[i].m = batch[i].n * 2
		}
		return batch
	})
	thirds := batchStage(doubled, func(batch []pair) []pair {
		kept := batch[:0]
		for _, record := range batch {
			if record.m%3 == 0 {
				kept = append(kept, record)
			}
		}
		return kept
	})
	next := batchStage(thirds, func(batch []pair) []pair {
		for i := range batch {
			batch[i].m++
		}
		return batch
	})
	var sum int64
	for batch := range next {
		for _, record := range batch {
			sum += record.m
		}
		giveBack(free, batch)
	}
	fmt.Println(sum)
}
