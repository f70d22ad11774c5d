/** An index of texts finds each where it stands in the list, and no other. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextIndex } from '../../../engine/spec/text-index.ts'

test('finds what a Map finds', () => {
  const texts = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.string()), {
    size: 'max',
    maxLength: 2000,
  })
  fc.assert(
    fc.property(texts, (all) => {
      const list: string[] = []
      const index = new TextIndex(list)
      const places = new Map<string, number>()
      for (const text of all) {
        expect(index.find(text)).toBe(places.get(text) ?? -1)
        if (places.has(text)) continue
        places.set(text, list.length)
        list.push(text)
        index.add(text, list.length - 1)
      }
      for (const [text, place] of places) expect(index.find(text)).toBe(place)
    }),
    { seed: 7, numRuns: 40 },
  )
})

test('leaves out places that were not added, and knows texts however they were put together', () => {
  const list: unknown[] = [1, null, 'a text of some length', undefined, 'b']
  const index = new TextIndex(list)
  index.add('a text of some length', 2)
  index.add('b', 4)
  const line = 'before,a text of some length,behind'
  expect(index.find(line.slice(7, 28))).toBe(2)
  expect(index.find(['a text', ' of some ', 'length'].join(''))).toBe(2)
  expect(index.find('b')).toBe(4)
  expect(index.find('c')).toBe(-1)
})

test('texts that are alike do not fall into one place', () => {
  const list = Array.from({ length: 200_000 }, (_, at) => `/page/${at}`)
  const index = new TextIndex(list)
  list.forEach((text, place) => index.add(text, place))
  let found = 0
  for (const [place, text] of list.entries()) if (index.find(text) === place) found++
  expect(found).toBe(list.length)
})
