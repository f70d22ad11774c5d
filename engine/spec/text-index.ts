/**
 * Finds texts in a list: a table of hashes with open addressing. A Map asks V8 for the hash of each text, which is a call
 * out of compiled code for one that was just cut from a line and has none yet; this works it out in place, and takes a
 * quarter of the memory.
 */

const FIRST_PLACES = 128
/** Drawn anew for each process, so that nobody can make texts that all fall into one place. */
const SEED = Math.floor(Math.random() * 0x1_0000_0000) | 0

export class TextIndex {
  /** Places in the list, counted from 1, at the place in the table that the text's hash says or behind. */
  #table = new Int32Array(FIRST_PLACES)
  /** Of the text at the same place in the table. */
  #hashes = new Int32Array(FIRST_PLACES)
  #count = 0
  readonly #texts: readonly unknown[]

  /** @param texts the list, which may hold other things at places that were not added */
  constructor(texts: readonly unknown[]) {
    this.#texts = texts
  }

  /** The place in the list of this text, or -1. */
  find(text: string): number {
    const table = this.#table
    const mask = table.length - 1
    const hash = hashOf(text)
    let at = hash & mask
    for (let place = table[at]!; place > 0; place = table[at]!) {
      if (this.#hashes[at] === hash && this.#texts[place - 1] === text) return place - 1
      at = (at + 1) & mask
    }
    return -1
  }

  /** Takes a text that `find` does not know. */
  add(text: string, place: number): void {
    if (2 * ++this.#count > this.#table.length) this.#grow()
    this.#put(hashOf(text), place + 1)
  }

  #put(hash: number, place: number): void {
    const table = this.#table
    const mask = table.length - 1
    let at = hash & mask
    while (table[at] !== 0) at = (at + 1) & mask
    table[at] = place
    this.#hashes[at] = hash
  }

  #grow(): void {
    const [table, hashes] = [this.#table, this.#hashes]
    this.#table = new Int32Array(2 * table.length)
    this.#hashes = new Int32Array(2 * table.length)
    for (let at = 0; at < table.length; at++) if (table[at] !== 0) this.#put(hashes[at]!, table[at]!)
  }
}

/** 32 bits, signed; mixed at the end, as the table takes the lowest. */
function hashOf(text: string): number {
  let hash = SEED ^ text.length
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}
