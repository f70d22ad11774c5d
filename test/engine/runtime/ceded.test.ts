/** A worker that has done its share takes half of what another has left: records, order, counts and errors stay the same. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { OpenShare } from '../../../engine/formats/open-share.ts'
import { splitFiles, type FilePart } from '../../../engine/formats/file-part.ts'
import { duck } from '../duck.ts'
import { flowOf } from '../run-flow.ts'
import { startSharedRun, told } from './shared-run.ts'

let folder: string
let db: DuckDBConnection
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-ceded-'))
  db = await duck()
})
afterAll(() => {
  db.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

interface Drawn {
  source: 'range' | 'ndjson' | 'csv' | 'files' | 'parquet'
  records: number
  /** Which tenth of the records takes long, so that shares end at different times. */
  slow: number
  /** Each n-th line is broken, and each n-th record lacks the field; 0: none. */
  broken: number
  missing: number
  workers: number
}
const drawn: fc.Arbitrary<Drawn> = fc.record({
  source: fc.constantFrom('range', 'ndjson', 'csv', 'files', 'parquet'),
  records: fc.integer({ min: 20_000, max: 60_000 }),
  slow: fc.nat({ max: 9 }),
  broken: fc.constantFrom(0, 0, 211, 7919),
  missing: fc.constantFrom(0, 0, 307, 6007),
  workers: fc.integer({ min: 2, max: 4 }),
})

async function sourceOf({ source, records, broken }: Drawn): Promise<[Record<string, unknown>, string]> {
  if (source === 'range') return [{ from: 0, to: records - 1 }, 'range']
  if (source === 'parquet') return [{ path: await parquetOf(records) }, 'file']
  const isBroken = (at: number) => broken > 0 && at % broken === broken - 1
  const line = (at: number) =>
    source === 'csv'
      ? isBroken(at)
        ? `${at}`
        : `${at},"text ${at % 17 === 0 ? 'of\ntwo lines, "" too' : 'x'.repeat(at % 40)}"`
      : isBroken(at)
        ? '{"id":'
        : JSON.stringify({ id: at, text: 'x'.repeat(at % 40) })
  const text = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => `${line(from + at)}\n`).join('')
  if (source !== 'files') {
    const path = join(folder, `in.${source}`)
    writeFileSync(path, (source === 'csv' ? 'id,text\n' : '') + text(0, records))
    return [{ path }, 'file']
  }
  for (let at = 0; at < 5; at++) {
    const piece = text(Math.floor((records * at) / 5), Math.floor((records * (at + 1)) / 5))
    writeFileSync(join(folder, `of-${at}.ndjson`), at === 2 ? gzipSync(piece) : piece)
  }
  return [{ path: join(folder, 'of-*.ndjson') }, 'file']
}

/** Many small row groups. */
async function parquetOf(records: number): Promise<string> {
  const path = join(folder, `${records}.parquet`)
  const rows = `SELECT i::INTEGER AS id, repeat('x', (i % 40)::INTEGER) AS text FROM range(${records}) t(i)`
  await db.run(`COPY (${rows}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`)
  return path
}

/** A group in order of first sight, and the top with many that are equal. */
async function flowFor(shape: Drawn, errors: boolean): Promise<Flow> {
  const { source, records, slow, missing } = shape
  const [config, type] = await sourceOf(shape)
  const id = source === 'range' ? 'record' : 'record.id'
  const turns = `${id} >= ${(records * slow) / 10} && ${id} < ${(records * (slow + 2)) / 10} ? 2000 : 1`
  const value = `{ let n = 0; for (let i = 0; i < (${turns}); i++) n += i; return ${
    missing > 0 ? `${id} % ${missing} === ${missing - 1} ? missing : ` : ''
  }{ id: ${id}, k: (${id} * 7919) % 1009, n } }`
  const wired = errors ? ['in', 'map'].filter((node) => node !== 'in' || type === 'file') : []
  return flowOf(
    {
      in: [type, config],
      map: ['map', { value: `(() => ${value})()` }],
      group: [
        'group',
        {
          by: ['k'],
          aggregates: [
            { as: 'n', fn: 'count' },
            { as: 's', fn: 'sum', field: 'id' },
          ],
        },
      ],
      top: ['top', { n: 30, by: 'n', order: 'desc' }],
      t1: ['table'],
      t2: ['table'],
      ...Object.fromEntries(wired.map((node) => [`e-${node}`, ['table'] as [string]])),
    },
    [
      'in.out -> map.in',
      'map.out -> group.in',
      'map.out -> top.in',
      'group.out -> t1.in',
      'top.out -> t2.in',
      ...wired.map((node) => `${node}.error -> e-${node}.in`),
    ],
  )
}

describe('shares that are ceded', () => {
  it('give the records, order, counts and errors of one worker', async () => {
    let ceded = 0
    await fc.assert(
      fc.asyncProperty(drawn, async (shape) => {
        const flow = await flowFor(shape, true)
        const one = startSharedRun(flow, folder, { workers: 1, tier: 'row' })
        expect(await one.ended).toEqual({ phase: 'done' })
        const several = startSharedRun(flow, folder, { workers: shape.workers, tier: 'row' })
        expect(await several.ended).toEqual({ phase: 'done' })
        ceded += several.ceded.length
        expect(told(flow, several)).toEqual(told(flow, one))
      }),
      { numRuns: 30 },
    )
    expect(ceded).toBeGreaterThan(5)
  }, 120_000)

  it('fail with the first record that fails in the whole input', async () => {
    let ceded = 0
    await fc.assert(
      fc.asyncProperty(drawn, fc.integer({ min: 40, max: 99 }), async (shape, place) => {
        // One record fails, somewhere, and maybe one more.
        const missing = Math.floor((shape.records * (place + 1)) / 101)
        const flow = await flowFor({ ...shape, broken: 0, missing }, false)
        const expected = await startSharedRun(flow, folder, { workers: 1, tier: 'row' }).ended
        const several = startSharedRun(flow, folder, { workers: shape.workers, tier: 'row' })
        expect(await several.ended).toEqual(expected)
        ceded += several.ceded.length
      }),
      { numRuns: 30 },
    )
    expect(ceded).toBeGreaterThan(0)
  }, 120_000)

  it('settle when they are stopped at any moment', async () => {
    let ceded = 0
    await fc.assert(
      fc.asyncProperty(drawn, fc.nat({ max: 60 }), fc.boolean(), async (shape, turns, partFirst) => {
        const flow = await flowFor(shape, true)
        const shared = startSharedRun(flow, folder, { workers: shape.workers, tier: 'row' })
        const turn = () => new Promise((resolve) => setImmediate(resolve))
        for (let at = 0; at < turns; at++) await turn()
        if (partFirst) shared.shares[turns % shape.workers]?.stop()
        for (let at = 0; partFirst && at < 6; at++) await turn()
        shared.run.stop()
        expect(['stopped', 'done']).toContain((await shared.ended).phase)
        ceded += shared.ceded.length
        const [[, , made], [, came]] = told(flow, shared).counts as [[string, ...number[]], [string, number]]
        expect(came).toBe(made)
      }),
      { numRuns: 25 },
    )
    expect(ceded).toBeGreaterThan(0)
  }, 120_000)
})

describe('an open share', () => {
  const part = (name: string, from: number, to: number, more: Partial<FilePart> = {}): FilePart => ({
    path: name,
    name,
    from,
    to,
    size: to,
    mtimeMs: 0,
    ino: 0,
    ...more,
  })

  it('cedes nothing of what is begun, and half of the rest', () => {
    const share = new OpenShare([part('a', 100, 1100)])
    expect(share.cede(1)).toBeUndefined()
    const [open] = [...take(share, 1)]
    expect(share.cede(1)).toBeUndefined()
    open!.begun = 300
    expect(share.cede(801)).toBeUndefined()
    expect(share.cede(800)).toEqual([part('a', 700, 1100, { size: 1100 })])
    expect(open!.to).toBe(700)
    open!.begun = 700
    expect(share.cede(0)).toBeUndefined()
  })

  it('cedes whole files from the end, and packed ones only whole', () => {
    const share = new OpenShare([part('a', 0, 100), part('b', 0, 50, { packed: true }), part('c', 0, 30)])
    const [open] = [...take(share, 1)]
    open!.begun = 80
    expect(share.cede(1)).toEqual([part('c', 0, 30)])
    expect(share.cede(1)).toBeUndefined()
  })

  it('never loses or doubles a byte, whatever is ceded when', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ size: fc.integer({ min: 1, max: 500 }), packed: fc.boolean() }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.array(fc.nat({ max: 200 }), { maxLength: 12 }),
        (files, moves) => {
          const given = files.map(({ size, packed }, at) =>
            part(String(at), 0, size, packed ? { packed: true } : {}),
          )
          const share = new OpenShare(given)
          const read: FilePart[] = []
          const ceded: FilePart[][] = []
          for (const open of share.parts()) {
            open.begun = 0
            for (let move = moves.shift(); move !== undefined && move > 0; move = moves.shift()) {
              open.begun = Math.min(open.to, open.begun + move)
              const rest = share.cede(1)
              if (rest) ceded.unshift(rest as FilePart[])
              expect(open.to).toBeGreaterThanOrEqual(open.begun)
            }
            const { begun: _, ...whole } = open
            read.push(whole)
          }
          const pieces = [...read, ...ceded.flat()]
          for (const { path, size, packed } of given) {
            const mine = pieces.filter((piece) => piece.path === path && piece.to > piece.from)
            expect(mine[0]!.from).toBe(0)
            expect(mine.at(-1)!.to).toBe(size)
            mine.slice(1).forEach((piece, at) => expect(piece.from).toBe(mine[at]!.to))
            if (packed) expect(mine).toHaveLength(1)
          }
        },
      ),
    )
  })

  it('is made of what files are split into', () => {
    const path = join(folder, 'split.txt')
    writeFileSync(path, 'x\n'.repeat(500))
    const { parts } = splitFiles([{ path, name: 'split.txt' }], { parts: 2 })!
    const share = new OpenShare(parts[1]!)
    const [open] = [...take(share, 1)]
    open!.begun = open!.from
    expect(share.cede(0)).toEqual([{ ...parts[1]![0]!, from: 750 }])
  })
})

function* take<Value>(share: { parts(): Generator<Value> }, count: number): Generator<Value> {
  const parts = share.parts()
  for (let at = 0; at < count; at++) yield parts.next().value as Value
}
