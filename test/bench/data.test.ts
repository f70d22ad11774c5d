/** The bench's data is the same on every machine: seeds decide all of it. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { accessLogReader } from '../../engine/formats/access-log.ts'
import { accessLogLines } from './data/access-log.ts'
import { eventLines } from './data/events.ts'
import type { EventFormat } from './data/events.ts'
import { prepareData } from './data/prepare.ts'
import { seededRandom } from './data/random.ts'
import { TextFile } from './data/text-file.ts'
import { zipfSampler } from './data/zipf.ts'

function logOf(lines: number, pages: number, seed: number): string[] {
  const log: string[] = []
  accessLogLines({ lines, pages, seed }, (line) => log.push(line))
  return log
}

function eventsOf(format: EventFormat): string[] {
  const lines: string[] = []
  eventLines({ records: 500, users: 50, seed: 3 }, format, (line) => lines.push(line))
  return lines
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('random numbers', () => {
  it('are those of their seed, from 0 to below 1', () => {
    const random = seededRandom(1)
    const drawn = Array.from({ length: 1000 }, random)
    // The values that the published mulberry32 gives for this seed.
    expect(drawn.slice(0, 3)).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522])
    expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true)
    const again = seededRandom(1)
    expect(Array.from({ length: 1000 }, again)).toEqual(drawn)
  })
})

describe('the Zipf sampler', () => {
  const draws = 200_000
  const counts = new Int32Array(100)
  const rank = zipfSampler(100, seededRandom(7))
  for (let draw = 0; draw < draws; draw++) counts[rank()]!++

  it('draws the k-th rank in proportion to 1/k', () => {
    const total = Array.from({ length: 100 }, (_, index) => 1 / (index + 1)).reduce((sum, part) => sum + part)
    for (const k of [1, 2, 3, 10, 50, 100]) {
      const expected = draws / k / total
      // Five standard deviations of a count: with a fixed seed this is no matter of luck.
      expect(Math.abs(counts[k - 1]! - expected)).toBeLessThan(5 * Math.sqrt(expected))
    }
  })

  it('draws the same again from the same seed', () => {
    const other = new Int32Array(100)
    const again = zipfSampler(100, seededRandom(7))
    for (let draw = 0; draw < draws; draw++) other[again()]!++
    expect(other).toEqual(counts)
  })

  it('draws the only one there is', () => {
    const only = zipfSampler(1, seededRandom(1))
    expect([only(), only(), only()]).toEqual([0, 0, 0])
  })
})

describe('the access log', () => {
  it('has these very bytes', () => {
    expect(sha256(logOf(2000, 100, 1).join(''))).toBe(
      '29948c036f8754f99e0e65d0cb6c1de8548ae0af24f7a9a56d14914945c53aa2',
    )
  })

  it('is another one with another seed', () => {
    expect(logOf(50, 10, 1)).not.toEqual(logOf(50, 10, 2))
  })

  it('asks for every page, and by far most often for the first', () => {
    const hits = new Map<string, number>()
    for (const line of logOf(7000, 1000, 1)) {
      const page = line.split(' ')[6]!
      hits.set(page, (hits.get(page) ?? 0) + 1)
    }
    expect(hits.size).toBe(1000)
    const [first, second] = [...hits.values()].sort((a, b) => b - a)
    expect(first! / second!).toBeGreaterThan(1.5)
  })

  it('is one that Weir reads, with every field of the combined format', () => {
    const read = accessLogReader()
    for (const line of logOf(300, 40, 1)) {
      const { path, method, protocol, agent, bytes } = read(line.trimEnd())
      expect({ method, protocol }).toEqual({ method: 'GET', protocol: 'HTTP/1.1' })
      expect(path).toBe(line.split(' ')[6])
      expect(agent).not.toBeNull()
      expect(bytes).toBeGreaterThan(0)
    }
  })
})

describe('the events', () => {
  it('have these very bytes', () => {
    expect(sha256(eventsOf('ndjson').join(''))).toBe(
      'db5810e3b17615eb945165caed1cbff5bf7dde67deccea89a20d8138b5a7f5d5',
    )
  })

  it('are the same as NDJSON and as CSV', () => {
    const [header, ...rows] = eventsOf('csv')
    const records = eventsOf('ndjson').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(header!.trimEnd().split(',')).toEqual(Object.keys(records[0]!))
    expect(rows.map((row) => row.trimEnd())).toEqual(records.map((record) => Object.values(record).join(',')))
  })

  it('are in the order of their times', () => {
    const times = eventsOf('ndjson').map((line) => (JSON.parse(line) as { time: string }).time)
    expect(times).toEqual([...times].sort())
    expect(times.every((time) => !Number.isNaN(Date.parse(time)))).toBe(true)
  })
})

describe('data files', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-bench-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('know their size and hash', () => {
    const file = new TextFile(join(folder, 'a.txt'))
    file.append('one\n')
    file.append('two\n')
    expect(file.close()).toEqual({ bytes: 8, sha256: sha256('one\ntwo\n') })
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('one\ntwo\n')
  })

  it('are made once, and made anew where they have changed', async () => {
    const shop = { folder, runSql: vi.fn<(sql: string) => void>() }
    const made = await prepareData('log-few', 0.0001, shop)
    expect(made.records).toBe(460)
    const text = readFileSync(made.path, 'utf8')
    expect(sha256(text)).toBe(made.sha256)

    writeFileSync(made.path, text.replace('GET', 'PUT'))
    expect(await prepareData('log-few', 0.0001, shop)).toMatchObject({ sha256: made.sha256 })
    expect(readFileSync(made.path, 'utf8')).toBe(text)
    expect(shop.runSql).not.toHaveBeenCalled()
  })

  it('of another format are converted from what is there', async () => {
    const runSql = vi.fn<(sql: string) => void>((sql) =>
      writeFileSync(/TO '(.+?)'/.exec(sql)![1]!, 'converted'),
    )
    const made = await prepareData('events-parquet', 0.0001, { folder, runSql })
    expect(made).toMatchObject({ records: 300, bytes: 9, sha256: sha256('converted') })
    expect(runSql.mock.calls[0]![0]).toContain(join(folder, 'events-0.0001.ndjson'))

    await prepareData('events-parquet', 0.0001, { folder, runSql })
    expect(runSql).toHaveBeenCalledTimes(1)
  })
})
