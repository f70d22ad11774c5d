// Stages of goroutines: with a channel send a value, and with batches in buffers that come back.
package main

// generate sends what f gives for 1 to n.
func generate[T any](n int64, capacity int, f func(int64) T) <-chan T {
	out := make(chan T, capacity)
	go func() {
		for i := int64(1); i <= n; i++ {
			out <- f(i)
		}
		close(out)
	}()
	return out
}

// stage sends on what f gives, where it says so.
func stage[T any](in <-chan T, capacity int, f func(T) (T, bool)) <-chan T {
	out := make(chan T, capacity)
	go func() {
		for value := range in {
			if made, keep := f(value); keep {
				out <- made
			}
		}
		close(out)
	}()
	return out
}

// batchStage lets f work on whole batches in place; f returns the part that is kept.
func batchStage[T any](in <-chan []T, f func([]T) []T) <-chan []T {
	out := make(chan []T, 8)
	go func() {
		for batch := range in {
			out <- f(batch)
		}
		close(out)
	}()
	return out
}

// batchSource fills batches, taking buffers that are free again.
func batchSource[T any](n int64, free chan []T, fill func(batch []T, from int64)) <-chan []T {
	out := make(chan []T, 8)
	go func() {
		for from := int64(1); from <= n; from += batchSize {
			var batch []T
			select {
			case batch = <-free:
				batch = batch[:batchSize]
			default:
				batch = make([]T, batchSize)
			}
			batch = batch[:min(batchSize, n-from+1)]
			fill(batch, from)
			out <- batch
		}
		close(out)
	}()
	return out
}

// giveBack keeps a buffer for the source, where there is room.
func giveBack[T any](free chan []T, batch []T) {
	select {
	case free <- batch[:0]:
	default:
	}
}
