/** A file that several workers share gives the records and failures of one that nobody shares. */
/* oxlint-disable vitest/expect-expect -- `expectSame` asserts */
import { appendFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FileShare, OpenPart } from '../../../engine/formats/file-part.ts'
import { OpenShare } from '../../../engine/formats/open-share.ts'
import { PartReader, type PartOptions } from '../../../engine/formats/part-reader.ts'
import { file } from '../../../engine/nodes/generators/file.ts'
import type { DataRecord, ErrorRecord, SplitWish } from '../../../engine/spec/node.ts'
import { runNode, temporaryFolder } from '../fake-context.ts'
import type { FakeRecordFailure, FakeRun } from '../fake-context.ts'

const folder = temporaryFolder()

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content)
  return name
}

function splitOf(config: Record<string, unknown>, wish: SplitWish): FileShare[] {
  const io = { resolve: (path: string) => join(folder, path) }
  const split = file.split!({ config: file.config.parse(config), io }, wish)
  return split?.parts as FileShare[]
}

/** Runs the shares with as many workers, each taking its turn. */
async function runShares(config: Record<string, unknown>, wish: SplitWish, workers = 1): Promise<FakeRun[]> {
  const shares = splitOf(config, wish)
  const runs: FakeRun[] = []
  for (let worker = 0; worker < workers; worker++) {
    const parts = shares.filter((_, i) => i % workers === worker)
    runs.push(await runNode(file, { folder, config, parts }))
  }
  return runs
}

interface Outcome {
  records: DataRecord[]
  errors: ErrorRecord[]
  message?: string
}

/** What the shares give, in order: each read by a worker of its own, or one after the other by the same one. */
async function inShares(config: Record<string, unknown>, wish: SplitWish, same = false): Promise<Outcome> {
  const all: Outcome = { records: [], errors: [] }
  const shares = splitOf(config, wish)
  for (const parts of same ? [shares] : shares.map((share) => [share])) {
    const run = await runNode(file, { folder, config, parts })
    if (run.thrown) return { ...all, message: run.thrown.message }
    all.records.push(...(run.out['out'] ?? []))
    all.errors.push(...run.errors)
  }
  return all
}

async function alone(config: Record<string, unknown>): Promise<Outcome> {
  const run = await runNode(file, { folder, config })
  if (run.thrown) return { records: [], errors: [], message: run.thrown.message }
  return { records: run.out['out'] ?? [], errors: run.errors }
}

/** Compares at some numbers of shares, up to one per byte. */
async function expectSame(config: Record<string, unknown>, size: number): Promise<void> {
  const expected = await alone(config)
  const outcomes = [
    await inShares(config, { parts: 2 }),
    await inShares(config, { parts: 3 }),
    await inShares(config, { parts: Math.ceil(size / 2) }, true),
    await inShares(config, { parts: size }, true),
  ]
  for (const outcome of outcomes) {
    if (expected.message === undefined) expect(outcome).toEqual(expected)
    else expect(outcome.message).toBe(expected.message)
  }
}

const line = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('', ' ', 'a', 'é😀', '{"a":1}', '{"b":[true,null]}', '12', '{bad'),
  },
  fc.string({ unit: fc.constantFrom('x', 'ü', '€', '"', '{', '}'), maxLength: 12 }),
)
const end = fc.constantFrom('\n', '\r\n')
const text = fc
  .array(fc.tuple(line, end), { maxLength: 12 })
  .chain((lines) =>
    fc.tuple(fc.constant(lines.map((parts) => parts.join('')).join('')), fc.constantFrom('', 'last')),
  )
  .map((parts) => parts.join(''))

describe('in shares', () => {
  test.each(['lines', 'ndjson'])('%s are those of the whole file', async (format) => {
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('', '\ufeff'), async (content, mark) => {
        const bytes = Buffer.from(mark + content)
        if (bytes.length === 0) return
        await expectSame({ path: write('a.txt', bytes), format }, bytes.length)
      }),
      { seed: 11, numRuns: 25 },
    )
  })

  test('lines that are no UTF-8 fail with the number they have in the file', async () => {
    const bytes = Buffer.from('good\nb\xffd\n\ngood\n\xfe\nlast \xff', 'latin1')
    await expectSame({ path: write('bad.txt', bytes), format: 'lines' }, bytes.length)
    expect((await alone({ path: 'bad.txt' })).errors.map((error) => error.line)).toEqual([2, 5, 6])
  })

  test('CSV rows are those of the whole file, wherever it is cut', async () => {
    const field = fc.oneof(
      fc.constantFrom('', 'a', '1', 'é', '""', '"x,y"', '"two\nlines"', '"cr\r\nlf"', '"a""b"', '5" pipe'),
      // Broken: never closed, or with text behind the quote.
      fc.constantFrom('"open', '"a"b', 'x"'),
    )
    const row = fc.array(field, { minLength: 2, maxLength: 3 }).map((fields) => fields.join(','))
    const file = fc.tuple(fc.array(fc.tuple(row, end), { maxLength: 8 }), fc.boolean(), fc.boolean())
    await fc.assert(
      fc.asyncProperty(file, fc.boolean(), async ([rows, header, ended], mark) => {
        const body = rows.map((parts) => parts.join('')).join('')
        const content = `${mark ? '\ufeff' : ''}${header ? 'a,"b\nc"\n' : ''}${body}${ended ? '' : '1,2'}`
        const bytes = Buffer.from(content)
        if (bytes.length === 0) return
        await expectSame({ path: write('a.csv', bytes), delimiter: ',', header }, bytes.length)
      }),
      { seed: 5, numRuns: 60 },
    )
  })

  test('quoted line breaks at every possible cut', async () => {
    const content = 'id,note\n1,"a\nb, ""c""\n\nd"\n2,plain\n3,"\n"\n4,"x"\n'
    for (let cut = 1; cut < content.length; cut++) {
      write('q.csv', content)
      const [whole] = splitOf({ path: 'q.csv' }, { parts: 1 })[0]!
      const parts = [
        { ...whole!, to: cut },
        { ...whole!, from: cut },
      ]
      const outs = []
      for (const part of parts) {
        const run = await runNode(file, { folder, config: { path: 'q.csv' }, parts: [[part]] })
        expect(run.thrown).toBeUndefined()
        outs.push(...(run.out['out'] ?? []))
      }
      expect(outs).toEqual([
        { id: 1, note: 'a\nb, "c"\n\nd' },
        { id: 2, note: 'plain' },
        { id: 3, note: '\n' },
        { id: 4, note: 'x' },
      ])
    }
  })

  test('larger files, cut in the middle of reads, with two workers in turns', async () => {
    const rows = Array.from(
      { length: 30_000 },
      (_, i) => `${i},"${'é,\n'.repeat(i % 5)}",${i % 7 ? 'x' : '"y"'}`,
    )
    write('large.csv', `a,b,c\n${rows.join('\n')}`)
    const expected = (await alone({ path: 'large.csv' })).records
    expect(expected).toHaveLength(30_000)
    expect((await inShares({ path: 'large.csv' }, { parts: 3 })).records).toEqual(expected)
    const [first, second] = await runShares({ path: 'large.csv' }, { bytes: 50_000 }, 2)
    const ids = (run: FakeRun) => run.out['out']!.map((record) => (record as { a: number }).a)
    expect([...ids(first!), ...ids(second!)].sort((a, b) => a - b)).toEqual(rows.map((_, i) => i))
  })

  test('shares that one worker is given in any order', async () => {
    const rows = Array.from({ length: 9000 }, (_, i) => `${i},"${'x,\n'.repeat(i % 5)}"`)
    write('any.csv', `a,b\n${rows.join('\n')}`)
    const shares = splitOf({ path: 'any.csv' }, { parts: 4 })
    const parts = [3, 1, 2, 0].map((at) => shares[at]!)
    const run = await runNode(file, { folder, config: { path: 'any.csv' }, parts })
    const ids = run.out['out']!.map((record) => (record as { a: number }).a)
    expect(ids.toSorted((a, b) => a - b)).toEqual(rows.map((_, i) => i))
  })

  test('the end of a part begins where its row does, also where that is looked for from the middle', async () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => `${i},"${'x,\n'.repeat(i % 5)}"`)
    write('end.csv', `a,b\n${rows.join('\n')}`)
    const { records } = await alone({ path: 'end.csv' })
    const [part] = splitOf({ path: 'end.csv' }, { parts: 1 })[0]!
    const reader = new PartReader({ signal: new AbortController().signal, read: () => {} })
    const options = file.config.parse({ path: 'end.csv', format: 'csv' }) as unknown as PartOptions
    const first: OpenPart = { ...part! }
    const read: DataRecord[] = []
    let rest: FileShare | undefined
    const share = new OpenShare([first])
    for (const open of share.parts())
      for await (const block of reader.records(open, { ...options, name: 'end.csv' })) {
        read.push(...block.records)
        rest ??= read.length > 5000 ? share.cede(1) : undefined
      }
    expect(rest?.[0]?.rowAt).toBeGreaterThan(0)
    const behind = await runNode(file, { folder, config: { path: 'end.csv' }, parts: [rest] })
    expect([...read, ...behind.out['out']!]).toEqual(records)
  })

  test('bytes and progress of all shares add up to the file', async () => {
    const content = `id,note\n${'1,"a\nb"\n'.repeat(1000)}`
    write('sum.csv', content)
    for (const format of ['lines', 'csv']) {
      let sum = 0
      for (const share of splitOf({ path: 'sum.csv', format }, { parts: 4 })) {
        const run = await runNode(file, { folder, config: { path: 'sum.csv', format }, parts: [share] })
        sum += run.bytes
        expect(run.progress.at(-1)![1]).toBe(share[0]!.to - share[0]!.from)
      }
      expect(Math.abs(sum - content.length)).toBeLessThan(format === 'csv' ? 20 : 1)
    }
  })

  test('binary and UTF-16 are refused by every share', async () => {
    for (const content of [
      Buffer.from('ab\0c\n'.repeat(50)),
      Buffer.from(`\ufeff${'ab\n'.repeat(50)}`, 'utf16le'),
    ]) {
      write('no.txt', content)
      const message = (await alone({ path: 'no.txt' })).message!
      for (const share of splitOf({ path: 'no.txt' }, { parts: 3 })) {
        const run = await runNode(file, { folder, config: { path: 'no.txt' }, parts: [share] })
        expect(run.thrown?.message).toBe(message)
      }
    }
  })

  test('a line that is too long is named by its number in the file', async () => {
    write('long.txt', `${'ok\n'.repeat(2000)}${'x'.repeat(2000)}\n`)
    const config = { path: 'long.txt', maxLineBytes: 1024 }
    const [, second] = splitOf(config, { parts: 2 })
    const run = await runNode(file, { folder, config, parts: [second] })
    expect(run.thrown?.message).toBe('Line 2001 of long.txt is longer than 1 KiB.')
  })

  test('without a wire at error the first failure stops the share', async () => {
    write('stop.ndjson', '{"a":1}\n'.repeat(100) + '{bad\n{"a":2}\n')
    const [, second] = splitOf({ path: 'stop.ndjson' }, { parts: 2 })
    const run = await runNode(file, {
      folder,
      config: { path: 'stop.ndjson' },
      parts: [second],
      errorWired: false,
    })
    expect((run.thrown as FakeRecordFailure).failure).toMatchObject({ line: 101, number: 101 })
  })
})

describe('a file that changes while it is shared', () => {
  const content = 'one line\n'.repeat(1000)
  const config = { path: 'changing.txt' }

  async function changed(change: (path: string) => void): Promise<FakeRun[]> {
    write('changing.txt', content)
    const runs = []
    for (const share of splitOf(config, { parts: 2 })) {
      let sent = false
      runs.push(
        await runNode(file, {
          folder,
          config,
          parts: [share],
          sent() {
            if (!sent) change(join(folder, 'changing.txt'))
            sent = true
          },
        }),
      )
    }
    return runs
  }

  test.each([
    ['shrinks', (path: string) => truncateSync(path, 100)],
    ['is rewritten in place', (path: string) => utimesSync(path, 1, 1)],
    ['is replaced', (path: string) => writeFileSync(path, content.slice(9))],
  ])('fails where it %s', async (_, change) => {
    for (const run of await changed(change)) {
      expect(run.thrown?.message).toMatch(/changing\.txt changed while it was being read\.$/)
      expect(run.thrown?.remedy).toMatch(/copy/)
    }
  })

  test('is read up to its first size where it grows', async () => {
    const runs = await changed((path) => appendFileSync(path, 'new line\n'))
    expect(runs.map((run) => run.thrown)).toEqual([undefined, undefined])
    expect(runs.flatMap((run) => run.out['out'])).toEqual(content.split('\n').slice(0, -1))
  })
})
