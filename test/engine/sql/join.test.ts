/** Joins in SQL against the row tier's: records, their order and all counts, over random files, sides and chains behind. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { planWork } from '../../../engine/plan/plan.ts'
import { createRegistry } from '../../../engine/spec/registry.ts'
import { JOIN_KINDS } from '../../../engine/spill/joiner.ts'
import { seededRandom } from '../../bench/data/random.ts'
import { duck } from '../duck.ts'
import { flowOf, startTestRun, testIo } from '../run-flow.ts'
import { firstDifference, handed, LONG, shown, sqlNodes, startSql } from './flows.ts'
import { ChainMaker, type Step } from './random-chain.ts'
import { randomTable, type Row } from './random-table.ts'

let folder: string
let db: DuckDBConnection
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-sql-join-'))
  db = await duck()
})
afterAll(() => {
  db.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

type Nodes = Record<string, [string, Record<string, unknown>?]>

/** Fields of one kind, which may be keys together. */
const ALIKE = [['d', 'e', 'i', 'j', 'cents', 'Mixed Name "x"'], ['s', 't'], ['b', 'c'], ['w', 'v'], ['day']]
const FIELDS = ['d', 'e', 'i', 'j', 'cents', 's', 't', 'b', 'c', 'w', 'v', 'day', 'huge', 'Mixed Name "x"']

/** Wires nodes one behind the other, and the last one to a port. */
function line(nodes: Nodes, steps: readonly Step[], to: string): string[] {
  return steps.map(([id, type, config], at) => {
    nodes[id] = config ? [type, config] : [type]
    return `${id}.${type === 'filter' ? 'kept' : 'out'} -> ${steps[at + 1] ? `${steps[at + 1]![0]}.in` : to}`
  })
}

/** Small files are joined to each other often enough. */
async function files(random: () => number, name: string, sizes: readonly number[]) {
  const tables = new Map<string, readonly Row[]>()
  for (const [at, rows] of sizes.entries()) {
    const path = join(folder, `${name}-${at}.parquet`)
    tables.set(path, await randomTable(db, { path, rows, random }))
  }
  return tables
}

class Draw {
  readonly random: () => number
  constructor(seed: number) {
    this.random = seededRandom(seed * 1009)
  }
  below = (limit: number) => Math.floor(this.random() * limit)
  pick = <Value>(values: readonly Value[]): Value => values[this.below(values.length)]!

  /** Settings of a join over fields that both sides may have. */
  joining(left: readonly string[], right: readonly string[]): Record<string, unknown> {
    const keys = Array.from({ length: 1 + this.below(2) }, () => {
      const alike = this.random() < 0.9 ? this.pick(ALIKE) : FIELDS
      const a = this.pick(left.filter((name) => alike.includes(name)).concat(left[0]!))
      const b = this.pick(right.filter((name) => alike.includes(name)).concat(right[0]!))
      return this.random() < 0.5 && right.includes(a) ? { left: a } : { left: a, right: b }
    })
    const single = keys.filter(
      (key, at) => keys.findIndex((one) => JSON.stringify(one) === JSON.stringify(key)) === at,
    )
    return { kind: this.pick(JOIN_KINDS), keys: single, prefix: this.pick(['right_', 'x', 'd']) }
  }

  /** A join of two files, or of a join and a third. */
  flow(paths: readonly string[]): { nodes: Nodes; edges: string[] } {
    const nodes: Nodes = {}
    const edges: string[] = []
    const side = (at: number, to: string) => {
      const maker = new ChainMaker(this.random, FIELDS, `s${at}n`)
      const steps: Step[] = [
        [`file${at}`, 'file', { path: paths[at]! }],
        ...(this.below(2) ? maker.side() : []),
      ]
      edges.push(...line(nodes, steps, to))
      return maker.fields
    }
    let fields = side(0, 'join1.left')
    for (let at = 1; at < paths.length; at++) {
      const left = this.random() < 0.7 || at === 1
      const other = side(at, `join${at}.${left ? 'right' : 'left'}`)
      const config = left ? this.joining(fields, other) : this.joining(other, fields)
      nodes[`join${at}`] = ['join', config]
      if (at > 1) edges.push(`join${at - 1}.out -> join${at}.${left ? 'left' : 'right'}`)
      const [first, second] = left ? [fields, other] : [other, fields]
      const pairs = config['kind'] !== 'semi' && config['kind'] !== 'anti'
      fields = pairs ? [...first, ...second.map((name) => `${String(config['prefix'])}${name}`)] : first
    }
    const behind = this.random() < 0.7 ? new ChainMaker(this.random, fields, 'b').steps() : []
    const last = `join${paths.length - 1}`
    edges.push(`${last}.out -> ${behind[0] ? `${behind[0][0]}.in` : 'out.in'}`)
    edges.push(...line(nodes, behind, 'out.in'))
    return { nodes: { ...nodes, out: ['table'] }, edges }
  }
}

describe('joins in SQL', () => {
  test.each([1, 2, 3, 4, 5, 6])('give the records and counts of the row tier (seed %i)', async (seed) => {
    const draw = new Draw(seed)
    const sizes = [40, 60, ...(seed % 2 === 0 ? [20] : [])].map((rows) =>
      draw.random() < 0.1 ? 0 : 1 + draw.below(LONG ? rows * 5 : rows),
    )
    const tables = await files(draw.random, `t${seed}`, sizes)
    const types = [...nodeTypes.filter(({ type }) => type !== 'file'), handed(tables)]
    let inSql = 0
    for (let at = 0; at < (LONG ? 150 : 25); at++) {
      const { nodes, edges } = draw.flow([...tables.keys()])
      const flow = flowOf(nodes, edges)
      const sql = startSql(flow, { folder })
      const joins = sql.plan.nodes.filter(({ type, tier }) => type === 'join' && tier === 'sql').length
      if (joins < sizes.length - 1) {
        sql.stop()
        await sql.ended
        continue
      }
      inSql++
      const found = await shown(sql)
      const wanted = await shown(startTestRun(flow, types))
      // Where a take has enough, how far the nodes before it got depends on batches.
      const taken = Object.values(nodes).some(([type]) => type === 'take')
      const compared = (shows: string[]) => (taken ? shows.filter((one) => one.startsWith('row')) : shows)
      const difference = firstDifference(compared(found), compared(wanted))
      expect(difference, `${at}: ${JSON.stringify(nodes)}\n${edges.join('\n')}`).toBe('')
    }
    expect(inSql).toBeGreaterThan(LONG ? 15 : 2)
  })

  async function people(name: string, rows: number, more = ''): Promise<string> {
    const path = join(folder, name)
    await db.run(
      `COPY (SELECT i AS id, 'user ' || i % 50 AS who, i % 7 AS n${more} FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet)`,
    )
    return path
  }
  const sides = (left: string, right: string, steps: readonly Step[] = []) => {
    const nodes: Nodes = { left: ['file', { path: left }] }
    const edges = ['left.out -> join.left']
    edges.push(
      ...line(nodes, [['right', 'file', { path: right }], ...steps], 'join.right'),
      'join.out -> out.in',
    )
    return { nodes: { ...nodes, out: ['table'] } as Nodes, edges }
  }
  const planned = ({ nodes, edges }: { nodes: Nodes; edges: string[] }) =>
    planWork(flowOf(nodes, edges), createRegistry(nodeTypes), { io: testIo(folder), tier: 'sql' }).plan

  test('are one stage with all before them, and told of', async () => {
    const { nodes, edges } = sides(await people('a.parquet', 300), await people('b.parquet', 50), [
      ['some', 'filter', { condition: 'record.n > 2' }],
    ])
    const { stages } = planned({ nodes: { ...nodes, join: ['join', { keys: [{ left: 'who' }] }] }, edges })
    expect(stages).toHaveLength(2)
    expect(stages[0]).toMatchObject({ tier: 'sql', nodes: ['left', 'right', 'some', 'join'] })
    expect(stages[0]!.why).toBe('DuckDB reads a.parquet and b.parquet and does “some”, “join” in SQL')
  })

  test.each([
    // Of a side that turns out to have no records the row tier knows no fields.
    [{ kind: 'left', keys: [{ left: 'who' }] }, 'a right side that may have no records'],
    [{ keys: [{ left: 'who', right: 'n' }] }, 'keys of two kinds'],
    [{ keys: [{ left: 'gone' }] }, 'the field “gone”, which is not there'],
  ])('stay with the row tier where the meaning is not sure (%j)', async (config, why) => {
    const { nodes, edges } = sides(await people('a.parquet', 300), await people('b.parquet', 50), [
      ['some', 'filter', { condition: 'record.n > 2' }],
    ])
    const plan = planned({ nodes: { ...nodes, join: ['join', config] }, edges })
    expect(plan.nodes.every(({ tier }) => tier === 'row')).toBe(true)
    expect(plan.stages.find(({ nodes: [head] }) => head === 'left')!.why).toContain(`“join” is not: ${why}`)
  })

  test('leave what is before them to SQL where they are not', async () => {
    const { nodes, edges } = sides(await people('a.parquet', 300), await people('b.parquet', 50), [
      ['once', 'dedupe', { by: ['n'] }],
    ])
    const plan = planned({ nodes: { ...nodes, join: ['join', { keys: [{ left: 'gone' }] }] }, edges })
    expect(plan.stages.find(({ tier }) => tier === 'sql')!.nodes).toEqual(['right', 'once'])
  })

  test('are the row tier’s where a take may have enough early', async () => {
    const { nodes, edges } = sides(await people('a.parquet', 300), await people('b.parquet', 50))
    const flow = (steps: readonly Step[]) => {
      const all: Nodes = { ...nodes, join: ['join', { keys: [{ left: 'who' }] }] }
      return planned({
        nodes: all,
        edges: [...edges.slice(0, -1), `join.out -> ${steps[0]![0]}.in`, ...line(all, steps, 'out.in')],
      })
    }
    const few: Step[] = [
      ['some', 'filter', { condition: 'record.n > 2' }],
      ['take', 'take', { n: 3 }],
    ]
    expect(flow(few).nodes.every(({ tier }) => tier === 'row')).toBe(true)
    const counted: Step = ['group', 'group', { by: ['who'] }]
    expect(flow([counted, ...few]).stages[0]!.nodes).toEqual(['left', 'right', 'join', 'group'])
  })

  test('name the file that is damaged', async () => {
    const path = await people('broken.parquet', 100_000)
    const bytes = readFileSync(path)
    bytes.fill(0xff, 1000, bytes.length - 20_000)
    writeFileSync(path, bytes)
    const { nodes, edges } = sides(await people('a.parquet', 300), path)
    const run = startSql(flowOf({ ...nodes, join: ['join', { keys: [{ left: 'who' }] }] }, edges), { folder })
    const { error } = await run.ended
    expect(error).toMatchObject({ at: { node: 'right', field: 'path' } })
  })

  test('sums beyond 2^53 are the nearest number', async () => {
    const left = await people('left.parquet', 200, ', 90071992547409 - i % 13 AS large')
    const right = await people('many.parquet', 200)
    const { nodes, edges } = sides(left, right)
    const aggregates = ['sum', 'avg'].map((fn) => ({ as: fn, fn, field: 'large' }))
    const flow = flowOf(
      { ...nodes, join: ['join', { keys: [{ left: 'n' }] }], group: ['group', { by: ['n'], aggregates }] },
      [...edges.slice(0, -1), 'join.out -> group.in', 'group.out -> out.in'],
    )
    const sql = startSql(flow, { folder })
    expect(sqlNodes(sql)).toBe(4)
    const found = await shown(sql)
    expect(firstDifference(found, await shown(startTestRun(flow, nodeTypes, { io: testIo(folder) })))).toBe(
      '',
    )
    expect((sql.rows('out')!.slice(0, 1)[0] as { sum: number }).sum).toBeGreaterThan(2 ** 53)
  })
})
