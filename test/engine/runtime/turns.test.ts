/** Workers that take pieces of a file in turn write the same file as one worker, with the same errors. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flowOf } from '../run-flow.ts'
import { startSharedRun } from './shared-run.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-turns-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Drawn {
  records: number
  broken: number
  missing: number
  unwritable: number
  format: string
  gzip: boolean
  /** Of CSV: the columns are given, and none is there before a record of so high a number. */
  columns?: boolean
  from?: number
}
const drawn: fc.Arbitrary<Drawn> = fc.record({
  records: fc.integer({ min: 0, max: 3000 }),
  broken: fc.integer({ min: 0, max: 900 }),
  missing: fc.integer({ min: 0, max: 900 }),
  unwritable: fc.integer({ min: 0, max: 900 }),
  format: fc.constantFrom('ndjson', 'lines', 'csv', 'csv'),
  gzip: fc.boolean(),
  columns: fc.boolean(),
  from: fc.constantFrom(0, 0, 1, 100, 1500, 5000),
})

/** Each n-th line is no JSON, each n-th record has no such field, each n-th cannot be written; 0: none. */
function flowFor(
  { records, broken, missing, unwritable, format, gzip, columns = false, from = 0 }: Drawn,
  errors: boolean,
  name: string,
) {
  const each = (n: number, at: number) => n > 0 && at % n === n - 1
  const line = (at: number) =>
    each(broken, at) ? '{"id":' : JSON.stringify({ id: at, text: 'x'.repeat(at % 37) })
  writeFileSync(
    join(folder, 'in.ndjson'),
    Array.from({ length: records }, (_, at) => `${line(at)}\n`).join(''),
  )
  const nth = (n: number) => (n > 0 ? `record.id % ${n} === ${n - 1}` : 'false')
  const size = `${nth(missing)} ? missing : record.text.length`
  const big = `${nth(unwritable)} ? 1n : record.id`
  // As CSV: no fields, or one that is not in the header, are refused.
  const odd = `record.id < ${from} ? record.id : ${nth(unwritable)} ? { ...record, odd: 1 } : record`
  const chosen = columns ? { columns: ['text', 'id', 'none'] } : {}
  const wired = errors ? ['in', 'derive', 'write'] : []
  return flowOf(
    {
      in: ['file', { path: 'in.ndjson' }],
      keep: ['filter', { condition: 'record.id % 7 !== 0' }],
      derive: [
        'derive',
        {
          fields: [
            { field: 'size', value: size },
            { field: 'big', value: big },
          ],
        },
      ],
      shape: ['map', { value: format === 'csv' ? odd : 'record' }],
      write: [
        'write-file',
        { path: `${name}.${format}${gzip ? '.gz' : ''}`, format, ...(format === 'csv' && chosen) },
      ],
      ...Object.fromEntries(wired.map((id) => [`e-${id}`, ['table'] as [string]])),
    },
    [
      'in.out -> keep.in',
      'keep.kept -> derive.in',
      'derive.out -> shape.in',
      'shape.out -> write.in',
      ...wired.map((id) => `${id}.error -> e-${id}.in`),
    ],
  )
}

describe('workers in turn', () => {
  it('write the same bytes, and tell of the same errors, as one', async () => {
    let shares = 0
    await fc.assert(
      fc.asyncProperty(drawn, fc.integer({ min: 2, max: 4 }), async (shape, workers) => {
        const one = startSharedRun(flowFor(shape, true, 'one'), folder, 1)
        expect(await one.ended).toEqual({ phase: 'done' })
        const several = startSharedRun(flowFor(shape, true, 'several'), folder, workers)
        shares += several.work.shared[0]?.parts.length ?? 0
        expect(await several.ended).toEqual({ phase: 'done' })
        const written = (name: string) =>
          readFileSync(join(folder, `${name}.${shape.format}${shape.gzip ? '.gz' : ''}`))
        const text = (name: string) => (shape.gzip ? gunzipSync(written(name)) : written(name)).toString()
        expect(text('several')).toBe(text('one'))
        for (const id of ['e-in', 'e-derive', 'e-write'])
          expect(several.run.rows(id)!.slice(0, 5000), id).toEqual(one.run.rows(id)!.slice(0, 5000))
        const counts = ({ meters, run }: typeof one) => {
          const { edges } = meters.read()
          const width = edges.length / run.plan.edges.length
          const nodes = run.plan.nodes.map(({ id }, index) =>
            ['in', 'out', 'errors', 'dropped', 'progressDone'].map((name) => [
              id,
              name,
              meters.pages.reduce((sum, page) => sum + page.node(index).get(name as 'in'), 0),
            ]),
          )
          return [nodes, run.plan.edges.map(({ id }, index) => [id, edges[index * width]])]
        }
        expect(counts(several)).toEqual(counts(one))
      }),
      { numRuns: 80 },
    )
    expect(shares).toBeGreaterThan(200)
  })

  it('fail with the first error of the whole file, and leave no file behind', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.constantFrom('broken', 'missing', 'unwritable'), async (shape, kind) => {
        // One kind of error: of several in one batch, the node that is first in the chain tells first.
        const only = { ...shape, from: 0, broken: 0, missing: 0, unwritable: 0, [kind]: shape[kind] + 10 }
        const one = startSharedRun(flowFor(only, false, 'one'), folder, 1)
        const expected = await one.ended
        for (const name of readdirSync(folder)) if (name.includes('failing')) rmSync(join(folder, name))
        const several = startSharedRun(flowFor(only, false, 'failing'), folder, 3)
        expect(await several.ended).toEqual(expected)
        const left = readdirSync(folder).filter((name) => name.includes('failing'))
        expect(left).toHaveLength(expected.phase === 'failed' ? 0 : 1)
      }),
      { numRuns: 40 },
    )
  })

  it.each([
    ['ndjson', 0],
    ['csv', 0],
    ['csv', 2500],
  ])(
    'keep what was written when they are stopped: its beginning, in whole lines; %s',
    async (format, from) => {
      const shape = { records: 3000, broken: 0, missing: 0, unwritable: 0, format, gzip: false, from }
      expect(await startSharedRun(flowFor(shape, from > 0, 'one'), folder, 1).ended).toEqual({
        phase: 'done',
      })
      const whole = readFileSync(join(folder, `one.${format}`), 'utf8')
      const turn = () => new Promise((resolve) => setImmediate(resolve))
      for (let turns = 0; turns < 60; turns++) {
        const { run, shares, meters, ended } = startSharedRun(flowFor(shape, from > 0, 'stopped'), folder, 3)
        for (let i = 0; i < turns; i += 2) await turn()
        // The host tells every thread: a part may hear of it, and end, before the run does.
        if (turns % 2 === 1) {
          shares[turns % 3]?.stop()
          for (let i = 0; i < 4; i++) await turn()
        }
        // Loops see the stop in the middle of a share, before their thread takes the turn that brings the message.
        if (turns % 4 > 1) {
          meters.askStop()
          for (let i = 0; i < turns % 5; i++) await turn()
        }
        run.stop()
        expect(['stopped', 'done']).toContain((await ended).phase)
        const text = readFileSync(join(folder, `stopped.${format}`), 'utf8')
        expect(whole.startsWith(text)).toBe(true)
        expect(text === '' || text.endsWith('\n')).toBe(true)
      }
    },
  )
})
