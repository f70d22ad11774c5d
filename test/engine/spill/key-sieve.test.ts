/** A sieve finds what it met, within its room, and gives up where that is hardly anything. */
import { expect, test } from 'vitest'
import { KeySieve } from '../../../engine/spill/key-sieve.ts'

test('a key is found from its second time on', () => {
  const sieve = new KeySieve()
  expect(['a', 'b', 'a', 'b', 'c'].map((key) => sieve.hasMet(key))).toEqual([false, false, true, true, false])
})

test('keys beyond its room are not found, those in it are', () => {
  const sieve = new KeySieve()
  for (let round = 0; round < 3; round++) {
    let found = 0
    for (let key = 0; key < 100_000; key++) {
      if (sieve.hasMet(key)) found++
      // So that it stays of use.
      sieve.hasMet(0)
    }
    expect(found).toBe(round === 0 ? 0 : 65_536)
  }
  expect(sieve.isOfUse).toBe(true)
})

test('it gives up where all keys differ', () => {
  const sieve = new KeySieve()
  for (let key = 0; key < 20_000; key++) sieve.hasMet(key)
  expect(sieve.isOfUse).toBe(false)
  expect(sieve.hasMet(0)).toBe(false)
})
