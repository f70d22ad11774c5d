/** Records of pairs: those made by literal are those made the plain way, whatever comes in which order. */
import { describe, expect, it } from 'vitest'
import { JoinFields } from '../../../engine/spec/join-fields.ts'
import type { Fields } from '../../../engine/spec/record-fields.ts'

class Point {
  readonly x = 1
}

function withProto(): Fields {
  return JSON.parse('{"__proto__":7,"id":1}') as Fields
}

/** As the documentation of `join` says it. */
function plainly(left: Fields, right: Fields): [string, unknown][] {
  const made: [string, unknown][] = Object.entries(left)
  for (const [name, value] of Object.entries(right)) {
    if (name === 'id') continue
    let free = name
    while (made.some(([taken]) => taken === free)) free = `right_${free}`
    made.push([free, value])
  }
  return made
}

describe('pairs of records', () => {
  const lefts: Fields[] = [
    { id: 1, a: 2 },
    { id: 1 },
    {},
    { a: 1, right_a: 2 },
    { 2: 'two', 1: 'one' },
    withProto(),
    new Point() as unknown as Fields,
    Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`f${at}`, at])),
  ]
  const rights: Fields[] = [
    { id: 1, a: 3 },
    { a: 3, right_a: 4, right_right_a: undefined },
    {},
    { 1: 'other', x: -0 },
    withProto(),
    new Point() as unknown as Fields,
  ]

  it('have the fields of both, in whatever order the kinds of records come', () => {
    const fields = new JoinFields([{ left: 'id', right: 'id' }], 'right_')
    // Each pair twice in a row, so that the literal of the first is used for the second; then other orders.
    for (const step of [1, 3, 5, 7]) {
      for (let at = 0; at < lefts.length * rights.length; at++) {
        const left = lefts[(at * step) % lefts.length]!
        const right = rights[Math.floor(at / lefts.length) % rights.length]!
        for (let again = 0; again < 2; again++) {
          const made = fields.both(left, right)
          const expected: Fields = Object.fromEntries(plainly(left, right))
          expect(Object.entries(made)).toEqual(Object.entries(expected))
          expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
        }
      }
    }
  })

  it('have null for the names of the right side that were seen by then', () => {
    const fields = new JoinFields([{ left: 'id', right: 'id' }], 'right_')
    expect(fields.leftOnly({ id: 1, a: 2 })).toEqual({ id: 1, a: 2 })
    fields.sawRight({ id: 1, a: 1, b: 2 })
    expect(Object.entries(fields.leftOnly({ id: 1, a: 2 }))).toEqual([
      ['id', 1],
      ['a', 2],
      ['right_a', null],
      ['b', null],
    ])
  })
})
