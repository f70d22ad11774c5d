/** Flows over Parquet: DuckDB's records and counts against those of the row tier, over random files and chains. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { nodeTypes } from '../../../engine/nodes/index.ts'
import { planWork } from '../../../engine/plan/plan.ts'
import type { Run } from '../../../engine/runtime/run.ts'
import { defineGenerator } from '../../../engine/spec/node.ts'
import type { AnyNodeType } from '../../../engine/spec/node.ts'
import { createRegistry } from '../../../engine/spec/registry.ts'
import { seededRandom } from '../../bench/data/random.ts'
import { edgeMetersOf, flowOf, metersOf, startTestRun, testIo } from '../run-flow.ts'
import { ExpressionMaker } from './random-expression.ts'
import { NAMES, randomTable, type Row } from './random-table.ts'

type Nodes = Record<string, [string, Record<string, unknown>?]>

/** A node of the same name and settings that has the records at hand. */
function handed(rows: readonly Row[]): AnyNodeType {
  const file = nodeTypes.find(({ type }) => type === 'file')!
  const { split: _, eachSource: __, ...rest } = file
  return defineGenerator({
    ...rest,
    async run({ output }) {
      for (let from = 0; from < rows.length; from += 1000) {
        const room = output['out']!.send(rows.slice(from, from + 1000))
        if (room) await room
      }
    },
  })
}

let folder: string
let connection: DuckDBConnection

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-sql-test-'))
  connection = await (await DuckDBInstance.create(':memory:')).connect()
})
afterAll(() => {
  connection.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

function startSql(flow: Flow, workers = 2, memoryMb?: number): Run {
  const work = planWork(flow, createRegistry(nodeTypes), { io: testIo(folder), tier: 'sql', workers })
  return startTestRun(flow, nodeTypes, { io: testIo(folder), work, ...(memoryMb && { memoryMb }) })
}

const sqlNodes = (run: Run) => run.plan.nodes.filter(({ tier }) => tier === 'sql').length

/** All that a run shows for. */
async function shown(run: Run): Promise<string[]> {
  const outcome = await run.ended
  const rows = run.rows('out')
  const nodes = run.plan.nodes.map(({ id }) => {
    const meters = metersOf(run, id)
    return `${id}: ${(['in', 'out', 'dropped', 'errors'] as const).map((name) => `${name} ${meters.get(name)}`).join(', ')}`
  })
  const edges = run.plan.edges.map(({ id }) => `${id}: ${edgeMetersOf(run, id).get('records')}`)
  const done = outcome.phase === 'done'
  const ending = `${outcome.phase} ${outcome.error?.message ?? ''}`
  if (!done) return [ending]
  return [
    ending,
    ...(rows?.slice(0, rows.stored).map((row) => `row ${lines(row)}`) ?? []),
    ...nodes,
    ...edges,
  ]
}

function firstDifference(found: readonly string[], wanted: readonly string[]): string {
  const at = Array.from({ length: Math.max(found.length, wanted.length) }).findIndex(
    (_, index) => found[index] !== wanted[index],
  )
  return at === -1 ? '' : `${at}: SQL   ${found[at]}\n${at}: rows  ${wanted[at]}`
}

/** As text that tells -0, NaN and the order of fields. */
const lines = (record: unknown) =>
  Object.entries(record as Row)
    .map(
      ([name, value]) =>
        `${name}=${Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value) : String(value)}`,
    )
    .join(' ')

function chain(nodes: [string, string, Record<string, unknown>?][]): Flow {
  const all: Nodes = {}
  for (const [id, type, config] of nodes) all[id] = [type, config]
  const wires = nodes.slice(1).map(([id], at) => {
    const [from, type] = nodes[at]!
    return `${from}.${type === 'filter' ? 'kept' : 'out'} -> ${id}.in`
  })
  return flowOf(all, wires)
}

type Step = [string, string, Record<string, unknown>?]

/** A random chain: filters, fields, then folds, and again over what they give. */
class ChainMaker {
  readonly #random: () => number
  readonly #maker: ExpressionMaker
  #fields: string[]
  #made = 0

  constructor(random: () => number, fields: readonly string[]) {
    this.#random = random
    this.#maker = new ExpressionMaker(random, NAMES)
    this.#fields = [...fields]
  }

  steps(): Step[] {
    const steps: Step[] = []
    for (let at = this.#to(3); at > 0; at--) steps.push(this.#each())
    steps.push(this.#fold())
    if (this.#random() < 0.5) steps.push(this.#later())
    if (this.#random() < 0.6) steps.push(this.#fold())
    if (this.#random() < 0.2) steps.push([this.#id(), 'take', { n: 1 + this.#to(5) }])
    return steps
  }

  #each(): Step {
    const id = this.#id()
    const kind = this.#random()
    if (kind < 0.5) return [id, 'filter', { condition: this.#maker.boolean(1 + this.#to(2)) }]
    if (kind < 0.85) {
      const name = `x${this.#made}`
      this.#fields.push(name)
      return [id, 'derive', { fields: [{ field: name, value: this.#maker.any(this.#to(3)) }] }]
    }
    return [id, 'select', { drop: ['day'], rename: [{ from: 'huge', to: 'large' }] }]
  }

  #later(): Step {
    const field = this.#field()
    return [this.#id(), 'filter', { condition: `record[${JSON.stringify(field)}] !== null` }]
  }

  #fold(): Step {
    const id = this.#id()
    const kind = this.#random()
    if (kind < 0.3) {
      const by = Array.from({ length: 1 + this.#to(2) }, () => ({
        field: this.#field(),
        order: this.#order(),
      }))
      return [id, 'sort', { by }]
    }
    if (kind < 0.6) return [id, 'top', { by: this.#field(), n: 1 + this.#to(20), order: this.#order() }]
    const by = [...new Set(Array.from({ length: this.#to(3) }, () => this.#field()))]
    const functions = ['count', 'sum', 'min', 'max', 'avg', 'distinct']
    const aggregates = Array.from({ length: 1 + this.#to(3) }, (_, at) => ({
      as: `a${at}`,
      fn: functions[this.#to(6)]!,
      field: this.#random() < 0.5 ? ['i', 'j'][this.#to(2)]! : this.#field(),
    }))
    this.#fields = [...by, ...aggregates.map(({ as }) => as)]
    return [id, 'group', { by, aggregates }]
  }

  #id = () => `n${++this.#made}`
  #to = (limit: number) => Math.floor(this.#random() * limit)
  #field = () => this.#fields[this.#to(this.#fields.length)]!
  #order = () => (this.#random() < 0.5 ? 'asc' : 'desc')
}

describe('Parquet flows in SQL', () => {
  test.each([1, 2, 3, 4])('give the records and counts of the row tier (seed %i)', async (seed) => {
    const random = seededRandom(seed * 77)
    const path = join(folder, `random-${seed}.parquet`)
    const rows = await randomTable(connection, { path, rows: [3000, 300, 1, 0][seed - 1]!, random })
    const names = ['d', 'e', 'i', 'j', 'cents', 's', 't', 'b', 'c', 'w', 'v', 'day', 'huge', 'Mixed Name "x"']
    const types = [...nodeTypes.filter(({ type }) => type !== 'file'), handed(rows)]
    let inSql = 0
    for (let at = 0; at < 30; at++) {
      const steps = new ChainMaker(random, names).steps()
      const flow = chain([['file', 'file', { path }], ...steps, ['out', 'table']])
      const sql = startSql(flow)
      // What is left to the row tier as a whole would read the file by rows, which is another test's.
      if (sqlNodes(sql) === 0) {
        sql.stop()
        await sql.ended
        continue
      }
      inSql++
      const found = await shown(sql)
      const wanted = await shown(startTestRun(flow, types))
      // Where a take has enough, how far the nodes before it got depends on batches.
      const taken = steps.some(([, type]) => type === 'take')
      const compared = (shows: string[]) => (taken ? shows.filter((line) => line.startsWith('row')) : shows)
      expect(firstDifference(compared(found), compared(wanted)), JSON.stringify(steps)).toBe('')
    }
    expect(inSql).toBeGreaterThan(8)
  })
})
