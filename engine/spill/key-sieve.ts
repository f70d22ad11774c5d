/**
 * Finds records whose key was met before, among the keys that it has room for. What it does not find is no first record
 * for certain: others decide that. It gives up where it finds too little to be worth the look.
 */
import { ownText } from '../spec/own-text.ts'
import type { Key } from '../spec/identity.ts'
import { recordBytes } from '../spec/record-size.ts'

const MOST_KEYS = 65_536
const MOST_BYTES = 4 * 1024 * 1024
/** After so many records it looks whether it is of use, and whenever as many have come again. */
const TRIAL = 16_384
/** Of so many records one has to be found. */
const WORTH = 8

export class KeySieve {
  #keys: Set<Key> | undefined = new Set()
  #bytes = 0
  #looked = 0
  #found = 0

  /** True where the key was met before; false where that is not known. */
  hasMet(key: Key): boolean {
    const keys = this.#keys
    if (!keys) return false
    const met = keys.has(key)
    if (met) this.#found++
    else if (keys.size < MOST_KEYS && this.#bytes < MOST_BYTES) {
      keys.add(typeof key === 'string' ? ownText(key) : key)
      this.#bytes += recordBytes(key)
    }
    if (++this.#looked === TRIAL) this.#judge()
    return met
  }

  /** False once it has given up. */
  get isOfUse(): boolean {
    return this.#keys !== undefined
  }

  #judge(): void {
    if (this.#found * WORTH < this.#looked) this.#keys = undefined
    this.#looked = 0
    this.#found = 0
  }
}
