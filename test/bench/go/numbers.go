// Range, times 2, keep multiples of 3, plus 1, sum: plain numbers.
package main

import "fmt"

func numbersChannels(n int64, capacity int) {
	values := generate(n, capacity, func(i int64) int64 { return i })
	doubled := stage(values, capacity, func(v int64) (int64, bool) { return v * 2, true })
	thirds := stage(doubled, capacity, func(v int64) (int64, bool) { return v, v%3 == 0 })
	next := stage(thirds, capacity, func(v int64) (int64, bool) { return v + 1, true })
	var sum int64
	for value := range next {
		sum += value
	}
	fmt.Println(sum)
}

func numbersBatches(n int64) {
	free := make(chan []int64, 64)
	values := batchSource(n, free, func(batch []int64, from int64) {
		for i := range batch {
			batch[i] = from + int64(i)
		}
	})
	doubled := batchStage(values, func(batch []int64) []int64 {
		for i := range batch {
			batch[i] *= 2
		}
		return batch
	})
	thirds := batchStage(doubled, func(batch []int64) []int64 {
		kept := batch[:0]
		for _, value := range batch {
			if value%3 == 0 {
				kept = append(kept, value)
			}
		}
		return kept
	})
	next := batchStage(thirds, func(batch []int64) []int64 {
		for i := range batch {
			batch[i]++
		}
		return batch
	})
	var sum int64
	for batch := range next {
		for _, value := range batch {
			sum += value
		}
		giveBack(free, batch)
	}
	fmt.Println(sum)
}

// fanOutChannels: doubled values go to two branches, both into one sum.
func fanOutChannels(n int64, capacity int) {
	values := generate(n, capacity, func(i int64) int64 { return i })
	left, right := make(chan int64, capacity), make(chan int64, capacity)
	go func() {
		for value := range values {
			left <- value * 2
			right <- value * 2
		}
		close(left)
		close(right)
	}()
	thirds := stage(left, capacity, func(v int64) (int64, bool) { return v, v%3 == 0 })
	next := stage(right, capacity, func(v int64) (int64, bool) { return v + 1, true })
	var sum int64
	for thirds != nil || next != nil {
		select {
		case value, open := <-thirds:
			sum += value
			if !open {
				thirds = nil
			}
		case value, open := <-next:
			sum += value
			if !open {
				next = nil
			}
		}
	}
	fmt.Println(sum)
}
