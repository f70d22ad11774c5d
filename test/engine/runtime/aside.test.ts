/** Stages whose records are added up and written, too: the same groups, bytes and errors as with one worker. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { EncodedLine } from '../../../engine/runtime/encoded-line.ts'
import { PartAside } from '../../../engine/runtime/part-aside.ts'
import { RecordFile } from '../../../engine/spill/record-file.ts'
import type { EncodedBatch } from '../../../engine/spec/node.ts'
import { flowOf } from '../run-flow.ts'
import { startSharedRun, told } from './shared-run.ts'

const COUNTED = ['in', 'out', 'errors', 'dropped', 'bytes'] as const

let folder: string
const before = process.env['TMPDIR']
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-aside-'))
  process.env['TMPDIR'] = folder
})
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  rmSync(folder, { recursive: true, force: true })
})

interface Drawn {
  records: number
  /** Characters of each record beside its number: many of them do not fit into the messages that may wait. */
  width: number
  format: 'ndjson' | 'csv'
  /** Each n-th record is refused by the map, and by the writer; 0: none. */
  missing: number
  unwritable: number
  workers: number
}
const drawn: fc.Arbitrary<Drawn> = fc.record({
  records: fc.integer({ min: 0, max: 12_000 }),
  width: fc.constantFrom(10, 4000),
  format: fc.constantFrom('ndjson', 'csv'),
  missing: fc.constantFrom(0, 0, 97, 1999),
  unwritable: fc.constantFrom(0, 0, 89, 2003),
  workers: fc.integer({ min: 2, max: 4 }),
})

function flowFor(
  { records, width, format, missing, unwritable }: Drawn,
  errors: boolean,
  name: string,
): Flow {
  const nth = (n: number) => (n > 0 ? `record % ${n} === ${n - 1}` : 'false')
  // NDJSON has no big integers, CSV no fields that are not in the header.
  const odd = `{ k: record % 7, ${format === 'csv' ? 'odd: 1' : 'big: 1n'} }`
  const text = `'x'.repeat(${width})`
  const value = `${nth(missing)} ? none : ${nth(unwritable)} ? (${odd}) : { id: record, k: record % 7, text: ${text} }`
  const wired = errors ? ['map', 'write'] : []
  return flowOf(
    {
      in: ['range', { from: 0, to: records - 1 }],
      map: ['map', { value }],
      group: ['group', { by: ['k'], aggregates: [{ as: 'n', fn: 'count' }] }],
      top: ['top', { n: 5, by: 'k', order: 'asc' }],
      write: ['write-file', { path: name, format }],
      t1: ['table'],
      t2: ['table'],
      ...Object.fromEntries(wired.map((node) => [`e-${node}`, ['table'] as [string]])),
    },
    [
      'in.out -> map.in',
      'map.out -> group.in',
      'map.out -> top.in',
      'map.out -> write.in',
      'group.out -> t1.in',
      'top.out -> t2.in',
      ...wired.map((node) => `${node}.error -> e-${node}.in`),
    ],
  )
}

const runFolders = () => readdirSync(folder).filter((name) => name.startsWith('weir-run-'))

describe('records that are added up and written', () => {
  it('give the groups, bytes and errors of one worker, and leave nothing on disk', async () => {
    let shared = 0
    await fc.assert(
      fc.asyncProperty(drawn, async (shape) => {
        const names = ['one', 'several'].map((name) => join(folder, name)) as [string, string]
        const flow = flowFor(shape, true, names[0])
        const one = startSharedRun(flow, folder, 1)
        expect(await one.ended).toEqual({ phase: 'done' })
        const several = startSharedRun(flowFor(shape, true, names[1]), folder, shape.workers)
        shared += several.work.shared.length
        expect(await several.ended).toEqual({ phase: 'done' })
        expect(readFileSync(names[1]).equals(readFileSync(names[0]))).toBe(true)
        expect(told(flow, several, COUNTED)).toEqual(told(flow, one, COUNTED))
        expect(runFolders()).toEqual([])
      }),
      { numRuns: 40 },
    )
    expect(shared).toBeGreaterThan(20)
  }, 120_000)

  it('fail with the first record that fails in the whole input, and leave nothing', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.boolean(), async (shape, writing) => {
        const only = { ...shape, [writing ? 'missing' : 'unwritable']: 0 }
        const expected = await startSharedRun(flowFor(only, false, join(folder, 'f1')), folder, 1).ended
        const several = startSharedRun(flowFor(only, false, join(folder, 'f2')), folder, shape.workers)
        expect(await several.ended).toEqual(expected)
        expect(runFolders()).toEqual([])
        rmSync(join(folder, 'f2'), { force: true })
      }),
      { numRuns: 40 },
    )
  }, 120_000)

  it('keep the beginning of what is written when they are stopped', async () => {
    const shape: Drawn = { records: 8000, width: 3000, format: 'csv', missing: 0, unwritable: 0, workers: 3 }
    const path = join(folder, 'whole.csv')
    expect(await startSharedRun(flowFor(shape, true, path), folder, 1).ended).toEqual({ phase: 'done' })
    const whole = readFileSync(path, 'utf8')
    for (let turns = 0; turns < 40; turns += 3) {
      const stopped = join(folder, 'stopped.csv')
      const { run, shares, ended } = startSharedRun(flowFor(shape, true, stopped), folder, 3)
      for (let at = 0; at < turns; at++) await new Promise((resolve) => setImmediate(resolve))
      if (turns % 2 === 1) shares[turns % 3]?.stop()
      run.stop()
      expect(['stopped', 'done']).toContain((await ended).phase)
      expect(whole.startsWith(readFileSync(stopped, 'utf8'))).toBe(true)
      expect(runFolders()).toEqual([])
    }
  }, 120_000)
})

describe('what is laid aside', () => {
  it('comes back as it was, with a copy of what failed', () => {
    const aside = new PartAside(() => folder)
    const piece = (length: number, failures: EncodedBatch['failures'] = []): EncodedBatch => ({
      length,
      bytes: new TextEncoder().encode('é'.repeat(length)),
      failures,
    })
    const failure = { reason: 'no', record: { n: 1n, at: new Date(0) }, index: 2 }
    const odd = { reason: 'no', record: { f: () => 1 }, index: 0 }
    aside.lay('a', piece(3))
    aside.lay('b', piece(1, [odd]))
    aside.lay('a', piece(7000, [failure]))
    expect([aside.has('a'), aside.has('c')]).toEqual([true, false])
    const taken = aside.taken()
    expect(taken.map(({ edge, records }) => [edge, records])).toEqual([
      ['a', 7003],
      ['b', 1],
    ])
    const [a, b] = taken.map(({ file }) => [...RecordFile.from<EncodedBatch>(structuredClone(file))])
    expect(a).toEqual([piece(3), piece(7000, [failure])])
    expect(b![0]!.failures[0]!.reason).toBe('no')
    expect(aside.has('a')).toBe(false)
    expect(aside.taken()).toEqual([])
    for (const { file } of taken) RecordFile.from(file).remove()
    expect(readdirSync(folder).filter((name) => name.startsWith('aside'))).toEqual([])
  })

  it('waits for what the first record decides, in the order in which it came', async () => {
    const sent: EncodedBatch[] = []
    let decide: (answer: { header?: unknown }) => void = () => {}
    const followed: unknown[] = []
    const line = new EncodedLine(
      {
        encode: (batch) => ({ text: batch.join(''), failures: [] }),
        header: () => 'mine',
        follow: (header) => void followed.push(header),
      },
      {
        header: () => new Promise((resolve) => (decide = resolve)),
        send: (piece) => void sent.push(piece),
      },
    )
    const taken = ['a', 'b', 'c'].map((text) => line.accept([text]))
    const flushed = line.flush()
    await new Promise((resolve) => setImmediate(resolve))
    expect(sent).toEqual([])
    decide({ header: 'theirs' })
    await Promise.all([...taken, flushed])
    expect(followed).toEqual(['theirs'])
    expect(
      sent.map(({ length, bytes, header }) => [length, new TextDecoder().decode(bytes), header]),
    ).toEqual([[3, 'abc', undefined]])
  })
})
