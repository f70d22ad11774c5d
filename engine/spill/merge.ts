/** Several sorted sources as one: the least head leaves next; of equal ones that of the earlier source. */

/** Blocks of values in order. A block belongs to whoever reads it: what has left it is forgotten. */
export type SortedBlocks<Value> = Iterator<Value[], unknown>

/** A source with its next value at hand. */
class Cursor<Value> {
  readonly order: number
  readonly #blocks: SortedBlocks<Value>
  #block: Value[] = []
  #at = 0
  head: Value | undefined

  constructor(order: number, blocks: SortedBlocks<Value>) {
    this.order = order
    this.#blocks = blocks
  }

  /** Moves to the next value; false at the end. */
  advance(): boolean {
    while (this.#at === this.#block.length) {
      const next = this.#blocks.next()
      this.head = undefined
      if (next.done) return false
      this.#block = next.value
      this.#at = 0
    }
    this.head = this.#block[this.#at]
    // Forgotten at once: a block may be all that a node holds in memory.
    this.#block[this.#at++] = undefined as Value
    return true
  }

  close(): void {
    this.#blocks.return?.()
  }
}

/**
 * Merges lazily; nothing is read before the first value is asked for. Ending early ends the sources.
 * @param sources in the order in which equal values leave
 */
export function* mergeSorted<Value>(
  sources: readonly SortedBlocks<Value>[],
  compare: (a: Value, b: Value) => number,
): Generator<Value, undefined> {
  const cursors = sources.map((source, order) => new Cursor(order, source))
  try {
    const heap = cursors.filter((cursor) => cursor.advance())
    const before = (a: Cursor<Value>, b: Cursor<Value>) =>
      (compare(a.head as Value, b.head as Value) || a.order - b.order) < 0
    for (let at = (heap.length >> 1) - 1; at >= 0; at--) sink(heap, at, before)
    while (heap.length > 1) {
      const least = heap[0]!
      yield least.head as Value
      if (!least.advance()) heap[0] = heap.pop()!
      sink(heap, 0, before)
    }
    const [only] = heap
    if (!only) return undefined
    do yield only.head as Value
    while (only.advance())
  } finally {
    for (const cursor of cursors) cursor.close()
  }
  return undefined
}

function sink<Element>(heap: Element[], start: number, before: (a: Element, b: Element) => boolean): void {
  const element = heap[start]!
  const { length } = heap
  let at = start
  for (;;) {
    let child = 2 * at + 1
    if (child >= length) break
    if (child + 1 < length && before(heap[child + 1]!, heap[child]!)) child++
    if (!before(heap[child]!, element)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = element
}
