/** Writing flow files: one form, whatever the flow's history. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PRINT_WIDTH } from '../../../engine/flow/json-print.ts'
import type { Flow } from '../../../engine/flow/model.ts'
import { isNodeId } from '../../../engine/flow/node-id.ts'
import { parseFlow } from '../../../engine/flow/parse.ts'
import { writeFlow } from '../../../engine/flow/write.ts'
import { registry } from './sample-types.ts'

const write = (flow: Flow) => writeFlow(flow, registry)
const read = (text: string): Flow => {
  const { flow, problems } = parseFlow(text)
  expect(flow === null ? problems : []).toEqual([])
  return flow!
}
const flowOf = (part: Partial<Flow>): Flow => ({
  weir: 1,
  name: 'T',
  nodes: {},
  edges: [],
  layout: {},
  ...part,
})

describe('the text of a flow', () => {
  it('has a fixed order of keys and small things on one line', () => {
    const flow = {
      layout: { log: [0, 0], gone: [1, 1], count: [460.4, -0.2] },
      edges: [
        { to: 'count.in', from: 'log.out', capacity: { bytes: 65536, records: 10000 } },
        { to: 'count.in', label: 'second', from: 'b.out' },
      ],
      nodes: {
        log: { config: { format: 'csv', path: 'access.log' }, type: 'source' },
        count: {
          note: { by: 'me' },
          config: { sums: [{ of: 'record.n', as: 'n' }], by: ['path'] },
          version: 3,
          title: 'Hits',
          type: 'tally',
        },
        out: { type: 'sink', config: {}, version: 1 },
      },
      later: { a: 1 },
      name: 'Top pages',
      weir: 1,
    } as unknown as Flow
    expect(write(flow)).toBe(`{
  "weir": 1,
  "name": "Top pages",
  "nodes": {
    "log": { "type": "source", "config": { "path": "access.log", "format": "csv" } },
    "count": {
      "type": "tally",
      "title": "Hits",
      "version": 3,
      "config": { "by": ["path"], "sums": [{ "as": "n", "of": "record.n" }] },
      "note": { "by": "me" }
    },
    "out": { "type": "sink" }
  },
  "edges": [
    { "from": "log.out", "to": "count.in", "capacity": { "records": 10000, "bytes": 65536 } },
    { "from": "b.out", "to": "count.in", "label": "second" }
  ],
  "later": { "a": 1 },
  "layout": {
    "log": [0, 0],
    "count": [460, 0]
  }
}
`)
  })

  it('of an empty flow is short', () => {
    expect(write(flowOf({}))).toBe('{\n  "weir": 1,\n  "name": "T",\n  "nodes": {},\n  "edges": []\n}\n')
  })

  it('differs in one line where one node was moved', () => {
    const nodes = { a: { type: 'sink' }, b: { type: 'sink' }, c: { type: 'sink' } }
    const before = write(flowOf({ nodes, layout: { c: [9, 9], a: [0, 0], b: [1, 1] } })).split('\n')
    const after = write(flowOf({ nodes, layout: { b: [500, 1], a: [0, 0], c: [9, 9] } })).split('\n')
    expect(after).toHaveLength(before.length)
    expect(after.filter((line, index) => line !== before[index])).toEqual(['    "b": [500, 1],'])
  })

  it('leaves out whole settings at their default, but nothing of what a list or object says', () => {
    const config = { value: 'record', body: 'return record', limit: { records: 5 } }
    const sums = [{ of: 'record', as: 'n' }]
    const nodes = {
      s: { type: 'step', config },
      t: { type: 'tally', version: 3, config: { by: [], sums } },
      n: { type: 'numbers', config: { from: 1, to: 10, extra: [] } },
    }
    const text = write(flowOf({ nodes }))
    expect(text).toContain('"sums": [{ "as": "n", "of": "record" }]')
    expect(read(text).nodes).toEqual({
      s: { type: 'step', config: { limit: { records: 5 } } },
      t: { type: 'tally', version: 3, config: { sums } },
      n: { type: 'numbers' },
    })
  })

  it('keeps unknown settings behind the known ones', () => {
    const nodes = { n: { type: 'numbers', config: { zeta: 1, to: 5, alpha: 2, from: 3 } } }
    expect(write(flowOf({ nodes }))).toContain('"config": { "from": 3, "to": 5, "zeta": 1, "alpha": 2 }')
  })

  it('leaves settings of unknown types and of other versions as they are', () => {
    const nodes = {
      a: { type: 'unheard-of', config: { b: 1, a: 'x' } },
      b: { type: 'tally', version: 2, config: { sums: [], by: [] } },
      c: { type: 'tally', version: 9, config: { sums: [], by: [] } },
    }
    expect(read(write(flowOf({ nodes }))).nodes).toEqual(nodes)
    expect(write(flowOf({ nodes }))).toContain('{ "b": 1, "a": "x" }')
  })

  it('leaves out places that are no numbers rather than writing a file that nobody can read', () => {
    const text = write(flowOf({ nodes: { a: { type: 'sink' } }, layout: { a: [Number.NaN, 0] } }))
    expect(read(text).layout).toEqual({})
  })

  it('breaks long things up by line and ends every one of them', () => {
    const extra = Array.from({ length: 30 }, (_, id) => ({ id, name: `record ${id}` }))
    const text = write(flowOf({ nodes: { n: { type: 'numbers', config: { extra } } } }))
    expect(text).toContain('\n          { "id": 7, "name": "record 7" },\n')
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(PRINT_WIDTH)
  })
})

describe('any flow', () => {
  const id = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/).filter(isNodeId)
  const port = fc.constantFrom('in', 'out', 'kept', 'error')
  const safeKey = fc.string({ unit: 'binary', maxLength: 6 }).filter((key) => key !== '__proto__')
  // -0 is written as 0, and whole numbers beyond 2^53 are warned of, not written.
  const number = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0),
  )
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, true, false),
      number,
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(tie('json'), { maxLength: 5 }),
      fc.dictionary(safeKey, tie('json'), { maxKeys: 5, noNullPrototype: true }),
    ),
  }))
  const unknown = fc.dictionary(fc.stringMatching(/^x-[a-z]{1,5}$/), json, {
    maxKeys: 2,
    noNullPrototype: true,
  })
  const config = fc.dictionary(
    fc.constantFrom('path', 'format', 'from', 'to', 'value', 'by', 'sums', 'limit', 'extra', 'else'),
    fc.oneof(
      json,
      fc.constantFrom<unknown>('lines', 1, 10, [], 'record', { records: 5 }, [{ as: 'a', of: 'record' }]),
    ),
    { maxKeys: 5, noNullPrototype: true },
  )
  const node = fc
    .tuple(
      fc.record(
        {
          type: fc.constantFrom('source', 'numbers', 'step', 'tally', 'sink', 'strange'),
          title: fc.string({ maxLength: 120 }),
          version: fc.integer({ min: 1, max: 4 }),
          config,
        },
        { requiredKeys: ['type'] },
      ),
      unknown,
    )
    .map(([known, rest]) => ({ ...rest, ...known }))
  const endpoint = fc.tuple(id, port).map((parts) => parts.join('.'))
  const capacity = fc.record(
    { records: fc.integer({ min: 1, max: 1e7 }), bytes: fc.integer({ min: 1024, max: 2 ** 32 }) },
    { requiredKeys: [] },
  )
  const edge = fc
    .tuple(fc.record({ from: endpoint, to: endpoint, capacity }, { requiredKeys: ['from', 'to'] }), unknown)
    .map(([known, rest]) => ({ ...rest, ...known }))
  const flow = fc
    .record({
      weir: fc.constant(1 as const),
      name: fc.string({ unit: 'binary', maxLength: 100 }),
      nodes: fc.dictionary(id, node, { maxKeys: 6, noNullPrototype: true }),
      edges: fc.array(edge, { maxLength: 6 }),
      unknown,
    })
    .chain(({ unknown: rest, ...known }) =>
      fc.record({
        ...Object.fromEntries(
          Object.entries({ ...rest, ...known }).map(([key, value]) => [key, fc.constant(value)]),
        ),
        layout: fc
          .subarray(Object.keys(known.nodes))
          .chain((ids) =>
            fc.record(Object.fromEntries(ids.map((key) => [key, fc.tuple(fc.integer(), fc.integer())]))),
          ),
      }),
    ) as unknown as fc.Arbitrary<Flow>

  /** The flow with each known config as its schema reads it, so that a default said and unsaid are the same. */
  const meaning = (value: Flow) => ({
    ...value,
    nodes: Object.entries(value.nodes).map(([key, { version = 1, config: settings = {}, ...rest }]) => {
      const type = registry.get(rest.type)
      const parsed = type?.version === version ? type.config.safeParse(settings) : undefined
      return [key, version, { ...rest }, parsed?.success ? { ...settings, ...parsed.data } : settings]
    }),
  })

  it('means the same after it was written and read', () => {
    fc.assert(
      fc.property(flow, (value) => {
        const again = read(write(value))
        const sound = (one: Flow) => ({ ...meaning(one), nodes: undefined })
        expect(sound(again)).toEqual(sound(value))
        const before = meaning(value).nodes
        meaning(again).nodes.forEach((after, index) => {
          const type = registry.get(String((after[2] as { type: string }).type))
          const settings = Object.values(value.nodes)[index]!.config ?? {}
          if (type && !type.config.safeParse(settings).success) return
          expect(after).toEqual(before[index])
        })
      }),
      { numRuns: 300 },
    )
  })

  it('is the same text when it is saved a second time', () => {
    fc.assert(
      fc.property(flow, (value) => {
        const once = write(value)
        expect(write(read(once))).toBe(once)
      }),
      { numRuns: 500 },
    )
  })
})
