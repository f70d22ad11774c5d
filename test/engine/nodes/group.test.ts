/** Group: who is in which group, what failed records count for, and the bound on what it holds. */
import { expect, test } from 'vitest'
import { group } from '../../../engine/nodes/processors/group.ts'
import { runOneNode } from '../one-node.ts'

const count = { as: 'n', fn: 'count' }

async function grouped(config: Record<string, unknown>, records: unknown[]) {
  const { out, outcome } = await runOneNode(group, { config, input: { in: [records] } })
  expect(outcome).toEqual({ phase: 'done' })
  return out
}

test('1 and "1" are two groups, null and missing are one, NaN is one, in the order of first sight', async () => {
  const records = [{ k: 1 }, { k: '1' }, {}, { k: NaN }, { k: null }, { k: 1 }, { k: NaN }, { k: undefined }]
  const { out } = await grouped({ by: ['k'], aggregates: [count] }, records)
  expect(out).toEqual([
    { k: 1, n: 2 },
    { k: '1', n: 1 },
    { k: null, n: 3 },
    { k: NaN, n: 2 },
  ])
})

test('several fields make one key, whatever their texts hold', async () => {
  const records = [
    { a: 'x', b: 'yz' },
    { a: 'xy', b: 'z' },
    { a: 'x', b: 'yz' },
    { a: 1, b: 's1:z' },
  ]
  const { out } = await grouped({ by: ['a', 'b'], aggregates: [count] }, records)
  expect(out).toEqual([
    { a: 'x', b: 'yz', n: 2 },
    { a: 'xy', b: 'z', n: 1 },
    { a: 1, b: 's1:z', n: 1 },
  ])
})

test('fields named like built-in ones are fields like others', async () => {
  const { out } = await grouped({ by: ['constructor'], aggregates: [{ as: '__proto__', fn: 'count' }] }, [{}])
  expect(JSON.stringify(out)).toBe('[{"constructor":null,"__proto__":1}]')
})

test('one group without a key is there also when nothing came', async () => {
  const aggregates = ['count', 'sum', 'min', 'max', 'avg', 'distinct'].map((fn) => ({
    as: fn,
    fn,
    field: 'x',
  }))
  const nothing = { count: 0, sum: 0, min: null, max: null, avg: null, distinct: 0 }
  expect(await grouped({ aggregates }, [])).toEqual({ out: [nothing] })
  expect(await grouped({ aggregates }, [{ x: null }, {}])).toEqual({ out: [{ ...nothing, count: 2 }] })
  expect(await grouped({ by: ['x'], aggregates: [count] }, [])).toEqual({})
})

test('a record that fails in one aggregate counts in none, and makes no group', async () => {
  const aggregates = [count, { as: 'total', fn: 'sum', field: 'x' }]
  const { out, error } = await grouped({ by: ['k'], aggregates }, [
    { k: 'a', x: 1 },
    { k: 'a', x: '2' },
    { k: 'b', x: {} },
  ])
  expect(out).toEqual([{ k: 'a', n: 1, total: 1 }])
  expect(error).toMatchObject([
    {
      number: 2,
      field: 'aggregates.1.field',
      reason: 'total cannot be worked out: the text "2" is not a number',
    },
    {
      number: 3,
      field: 'aggregates.1.field',
      reason: 'total cannot be worked out: an object is not a number',
    },
  ])
})

test('without a field an aggregate is worked out of the records themselves', async () => {
  const aggregates = [
    { as: 'total', fn: 'sum' },
    { as: 'most', fn: 'max' },
  ]
  expect(await grouped({ aggregates }, [3, 4, 0.5])).toEqual({ out: [{ total: 7.5, most: 4 }] })
})

test('more groups and distinct values than the limit fail the node with a remedy', async () => {
  const aggregates = [{ as: 'users', fn: 'distinct', field: 'user' }]
  const config = { by: ['k'], aggregates, maxGroups: 5 }
  const records = [1, 2, 3].map((user) => ({ k: user % 2, user }))
  expect((await grouped(config, records)).out).toEqual([
    { k: 1, users: 2 },
    { k: 0, users: 1 },
  ])
  const { outcome, out } = await runOneNode(group, {
    config,
    input: { in: [[...records, { k: 0, user: 4 }]] },
  })
  expect(out).toEqual({})
  expect(outcome).toMatchObject({
    phase: 'failed',
    error: {
      at: { node: 'group', field: 'maxGroups' },
      message: 'This node holds more than 5 groups and distinct values.',
      remedy: 'Group by fewer or coarser values, or raise “maxGroups”.',
    },
  })
})

test('settings that lose a result are refused', () => {
  const check = (config: object) => group.check!(group.config.parse(config))
  expect(check({ by: ['n'], aggregates: [count] })).toHaveProperty(['aggregates.0.as'])
  expect(check({ by: ['a', 'a'] })).toHaveProperty(['by.1'])
  expect(check({ aggregates: [] })).toHaveProperty('aggregates')
})
