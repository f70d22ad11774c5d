/** Code that is compiled into a loop must not be able to tell. */
import { describe, expect, test } from 'vitest'
import { derive } from '../../../engine/nodes/processors/derive.ts'
import { filter } from '../../../engine/nodes/processors/filter.ts'
import { map } from '../../../engine/nodes/processors/map.ts'
import { runOneNode } from '../one-node.ts'

async function mapped(value: string, records: unknown[] = [7]) {
  const { out, outcome } = await runOneNode(map, { config: { value }, input: { in: [records] } })
  expect(outcome).toEqual({ phase: 'done' })
  return out
}

describe('an expression in a loop', () => {
  test.each<[string, unknown]>([
    ['arguments.length', 1],
    ['arguments[0]', 7],
    ['typeof this', 'undefined'],
    ['(() => typeof this)()', 'undefined'],
    ['\\u0061rguments.length', 1],
    ['eval("record + 1")', 8],
    ['eval("typeof weir_batch")', 'undefined'],
    ['eval("typeof weir_input")', 'undefined'],
    ['typeof weir_batch', 'undefined'],
    ['typeof weir\\u005fbatch', 'undefined'],
    ['typeof batch + typeof emit + typeof i', 'undefinedundefinedundefined'],
    ['record // the record', 7],
    ['record /* twice */ * 2', 14],
    ['(record = 3, record * 2)', 6],
    ['`weir_${record}`', 'weir_7'],
    ['record, record + 1', 8],
  ])('%s gives what a function around it gives', async (value, expected) => {
    expect(await mapped(value)).toEqual({ out: [expected] })
  })

  test('cannot set a name that is not declared', async () => {
    const { error } = await mapped('(weir_n0 = 100, i = 5)')
    expect(error).toMatchObject([{ reason: 'weir_n0 is not defined', number: 1 }])
    expect(await mapped('(i = 5)')).toMatchObject({ error: [{ reason: 'i is not defined' }] })
  })

  test('gives every function it makes a record of its own', async () => {
    const { out } = await mapped('() => record', [1, 2, 3])
    expect(out!.map((made) => (made as () => unknown)())).toEqual([1, 2, 3])
  })

  test('that fails leaves no gap, and its place among all batches is told', async () => {
    const config = { value: 'record % 2 ? record : missing' }
    const { out } = await runOneNode(map, {
      config,
      input: {
        in: [
          [1, 2, 3],
          [4, 5],
        ],
      },
    })
    expect(out['out']).toEqual([1, 3, 5])
    expect(out['out']).not.toContain(undefined)
    expect(out['error']).toMatchObject([
      { record: 2, number: 2 },
      { record: 4, number: 4 },
    ])
  })
})

test('a condition that assigns the record does not change what is kept', async () => {
  const config = { condition: '(record = record * 10) > 15' }
  const { out } = await runOneNode(filter, { config, input: { in: [[1, 2]] } })
  expect(out).toEqual({ kept: [2], rejected: [1] })
})

describe('derive', () => {
  const derived = async (values: Record<string, string>, ...records: unknown[]) => {
    const fields = Object.entries(values).map(([field, value]) => ({ field, value }))
    return (await runOneNode(derive, { config: { fields }, input: { in: [records] } })).out
  }

  test.each<[string, unknown]>([
    ['Object.keys(record).join()', 'a'],
    ['"b" in record', false],
    ['JSON.stringify(record)', '{"a":1}'],
    ['record.b', undefined],
    ['record.b ?? "none"', 'none'],
    ['(({ ...rest }) => Object.keys(rest).length)(record)', 1],
    ['record.hasOwnProperty("b")', false],
    ['arguments[0].a', 1],
  ])('shows an expression only the fields set so far: %s', async (value, expected) => {
    expect(await derived({ b: value }, { a: 1 })).toEqual({ out: [{ a: 1, b: expected }] })
  })

  test('of a name that every object inherits reads the inherited value until it is set', async () => {
    const { out } = await derived({ toString: 'typeof record.toString' }, { a: 1 })
    expect(Object.entries(out![0] as object)).toEqual([
      ['a', 1],
      ['toString', 'function'],
    ])
  })

  test('sets the copy where an expression assigns the record', async () => {
    expect(await derived({ b: 'record = 5', c: 'record.a' }, { a: 1 })).toEqual({
      out: [{ a: 1, b: 5, c: 1 }],
    })
  })

  test('keeps the order of fields over records of several shapes', async () => {
    const { out } = await derived(
      { b: 'record.a + 1', c: 'record.b + 1' },
      { a: 1 },
      { c: 0, a: 1 },
      { a: 2 },
    )
    expect(out!.map((record) => JSON.stringify(record))).toEqual([
      '{"a":1,"b":2,"c":3}',
      '{"c":3,"a":1,"b":2}',
      '{"a":2,"b":3,"c":4}',
    ])
  })
})
