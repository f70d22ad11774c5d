/** The first few of many elements in some order, in memory for those few only. */

/** A binary heap with the last of the kept elements at its root, so that it is the one that gives way. */
export class BoundedHeap<Element> {
  readonly #size: number
  readonly #compare: (a: Element, b: Element) => number
  readonly #elements: Element[] = []

  /** @param compare must tell any two elements apart, or which of them stay is left to chance */
  constructor(size: number, compare: (a: Element, b: Element) => number) {
    this.#size = size
    this.#compare = compare
  }

  /** The element that the next one has to come before; undefined while there is room. */
  get last(): Element | undefined {
    return this.#elements.length === this.#size ? this.#elements[0] : undefined
  }

  /** Returns what gave way: an element, perhaps the new one, or nothing while there is room. */
  add(element: Element): Element | undefined {
    const elements = this.#elements
    if (elements.length < this.#size) {
      elements.push(element)
      this.#rise(elements.length - 1)
      return undefined
    }
    const last = elements[0]!
    if (this.#compare(element, last) >= 0) return element
    elements[0] = element
    this.#sink(0)
    return last
  }

  /** What is kept, first one first. */
  sorted(): Element[] {
    return [...this.#elements].sort(this.#compare)
  }

  #rise(start: number): void {
    const elements = this.#elements
    for (let at = start; at > 0;) {
      const parent = (at - 1) >> 1
      if (this.#compare(elements[at]!, elements[parent]!) <= 0) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #sink(start: number): void {
    const elements = this.#elements
    for (let at = start; ;) {
      let latest = at
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < elements.length && this.#compare(elements[child]!, elements[latest]!) > 0) latest = child
      }
      if (latest === at) return
      this.#swap(at, latest)
      at = latest
    }
  }

  #swap(a: number, b: number): void {
    const elements = this.#elements
    const held = elements[a]!
    elements[a] = elements[b]!
    elements[b] = held
  }
}
