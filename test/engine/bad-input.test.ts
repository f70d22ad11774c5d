/**
 * What goes badly wrong, through the built program: it ends with status 1 and an error that names the node, an older
 * output is as it was, and nothing is left: no half-written file, no temporary one. No process either: the test waits
 * until all that hold the program's output have ended.
 */
import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { duck } from './duck.ts'
import { meterLines, startWeir, type Ended, type Running } from './cli/weir.ts'
import { flowOf } from './run-flow.ts'

type Nodes = Record<string, [string, Record<string, unknown>?]>

const BEFORE = '"an older output"\n'
let folder: string
/** Temporary files of the program; a file system of its own where a test needs one. */
let temporary: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-bad-'))
  temporary = join(folder, 'temporary')
  mkdirSync(temporary)
  writeFileSync(join(folder, 'out.ndjson'), BEFORE)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A chain that writes out.ndjson. */
function start(nodes: Nodes, args: string[] = [], env: Record<string, string> = {}): Running {
  const all: Nodes = { ...nodes, out: ['write-file', { path: 'out.ndjson' }] }
  const ids = Object.keys(all)
  const wires = ids
    .slice(1)
    .map((id, at) => `${ids[at]}.${all[ids[at]!]![0] === 'filter' ? 'kept' : 'out'} -> ${id}.in`)
  const { layout: _, ...flow } = flowOf(all, wires)
  writeFileSync(join(folder, 'flow.weir.json'), JSON.stringify(flow))
  const running = startWeir(['run', 'flow.weir.json', ...args], folder, {
    env: { TMPDIR: temporary, ...env },
  })
  running.child.stdin.end()
  return running
}

async function failed({ ended }: Running): Promise<Ended> {
  const end = await ended
  expect(end, end.err).toMatchObject({ status: 1, signal: null, out: '' })
  nothingLeft()
  return end
}

/** As on a machine of so many MB: a heap may have half of it, all together nine tenths. */
function onAMachineOf(mb: number): Record<string, string> {
  const code = `import os from 'node:os'; import { syncBuiltinESMExports } from 'node:module';
    os.totalmem = () => ${mb} * 2 ** 20; syncBuiltinESMExports()`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` }
}

function nothingLeft(): void {
  expect(readFileSync(join(folder, 'out.ndjson'), 'utf8')).toBe(BEFORE)
  expect(readdirSync(temporary)).toEqual([])
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
}

const MILLIONS = 4_000_000
const range: [string, Record<string, unknown>] = ['range', { to: MILLIONS }]
const count: [string, Record<string, unknown>] = ['group', { aggregates: [{ as: 'n', fn: 'count' }] }]

describe.each([1, 2])('with %s workers', (workers) => {
  const args = ['--workers', String(workers)]

  test('a worker that dies takes the run with it', async () => {
    const nodes: Nodes = {
      numbers: range,
      odd: ['map', { value: `record > ${MILLIONS - 1000} ? process.reallyExit(7) : record` }],
      count,
    }
    const { err } = await failed(start(nodes, args))
    expect(err).toContain('“odd”')
    expect(err).toMatch(/^error (numbers|odd|count): .* died.*: its thread ended/m)
  })

  test('code that ends its thread fails at its record', async () => {
    const nodes: Nodes = {
      numbers: range,
      odd: ['map', { value: 'record === 5 ? process.exit(0) : record' }],
      count,
    }
    const { err } = await failed(start(nodes, args))
    expect(err).toMatch(/^error odd.value, record 5: process.exit\(\) is not supported/m)
  })

  test.each([
    ['timer', 'setTimeout(() => { throw new Error("too late") })'],
    ['promise', 'Promise.reject(new Error("too late"))'],
  ])('a %s of code that fails where nothing catches it is told with the node', async (_, late) => {
    const nodes: Nodes = {
      numbers: range,
      even: ['filter', { condition: 'record % 2 === 0' }],
      odd: ['map', { value: `(record === ${MILLIONS - 1000} && ${late}, record)` }],
      count,
    }
    const { err } = await failed(start(nodes, args))
    expect(err).toMatch(
      /^error (even|odd): Code of “(even” or “)?odd” failed after it had returned: too late\./m,
    )
  })

  test('so it is while DuckDB is at work, which would end the process with the thread', async () => {
    const db = await duck()
    await db.run(
      `COPY (SELECT i, 'text ' || (i * 7919 % 10007) AS t FROM range(300000) r(i)) TO '${join(folder, 'input.parquet')}' (FORMAT parquet)`,
    )
    db.closeSync()
    const late = 'Promise.reject(new Error("too late"))'
    const nodes: Nodes = {
      input: ['file', { path: 'input.parquet' }],
      sorted: ['sort', { by: [{ field: 't', order: 'asc' }] }],
      odd: ['map', { value: `((globalThis.n = (globalThis.n ?? 0) + 1) === 3000 && ${late}, record)` }],
    }
    const { err } = await failed(start(nodes, args))
    expect(err).toMatch(/^error odd: Code of “odd” failed after it had returned: too late\./m)
  })

  test('a worker that runs out of memory says so', async () => {
    const hold = '(globalThis.held ??= []).push(Array.from({ length: 1000 }, () => ({ record })))'
    const nodes: Nodes = { numbers: range, greedy: ['map', { value: hold }], count }
    const { err } = await failed(start(nodes, args, onAMachineOf(512)))
    expect(err).toContain('“greedy”')
    expect(err).toMatch(/^error (numbers|greedy|count)/m)
    // On so small a machine two heaps that are nearly full, and what else the process has, may be too much before that.
    expect(err).toMatch(/needed more than (256|128) MB|The run took 4\d\d MB while it worked on “greedy”/)
  })

  test('buffers, which no heap counts, end the run before they fill the machine', async () => {
    const hold = '((globalThis.held ??= []).push(new Uint8Array(1e6).fill(1)), record)'
    const nodes: Nodes = { numbers: range, greedy: ['map', { value: hold }], count }
    const { err } = await failed(start(nodes, args, onAMachineOf(512)))
    expect(err).toMatch(/^error greedy: The run took \d+ MB while it worked on “greedy”/m)
    expect(err).toContain('Buffers that code keeps')
  })

  test('once a record has failed the run, the code is called for no others', async () => {
    const wait = 'for (const end = performance.now() + 20; performance.now() < end; );'
    const body = `console.log('called'); ${wait} throw new Error('no')`
    const nodes: Nodes = { numbers: range, failing: ['script', { body }] }
    const { err } = await failed(start(nodes, args))
    expect(err).toMatch(/^error failing.body, record 1: no/m)
    // Once in each share.
    expect(err.match(/called/g)!.length).toBeLessThanOrEqual(workers)
  })

  test('code that never comes back is named, and is ended when asked', async () => {
    const nodes: Nodes = {
      numbers: range,
      stuck: ['map', { value: 'record > 100 ? (() => { while (true); })() : record' }],
      count,
    }
    const running = start(nodes, args)
    let err = ''
    await new Promise<void>((resolve) =>
      running.child.stderr.on('data', (text: string) => {
        err += text
        if (err.includes('has not come back')) resolve()
      }),
    )
    // Each thread that is stuck says so, and nothing else does.
    const warned = new Set(err.match(/Node “\w+” has not come back[^\n]*/g))
    expect([...warned]).toEqual(['Node “stuck” has not come back from its code for 5 s; Stop ends it.'])
    running.child.kill('SIGINT')
    const end = await running.ended
    expect(end).toMatchObject({ status: 130, signal: null })
    expect(end.err).toContain('stopped by force')
    expect(end.err).toContain('Node “stuck” had not come back')
    nothingLeft()
  })

  describe.each(['row', 'sql'])('and the %s tier', (tier) => {
    test.each([
      ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
      ['without its beginning', (bytes: Buffer) => bytes.subarray(bytes.length / 2)],
      [
        'overwritten in the middle',
        (bytes: Buffer) => Buffer.from(bytes).fill(0xff, 2000, bytes.length - 5000),
      ],
      [
        'with a footer of nonsense',
        (bytes: Buffer) => Buffer.from(bytes).fill(0xa5, bytes.length - 1500, bytes.length - 8),
      ],
      ['of no bytes', () => Buffer.alloc(0)],
    ])('a Parquet file %s fails at its node', async (_, damage) => {
      const db = await duck()
      const path = join(folder, 'input.parquet')
      await db.run(
        `COPY (SELECT i, 'text ' || (i * 7919 % 10007) AS t FROM range(100000) r(i)) TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20000)`,
      )
      db.closeSync()
      writeFileSync(path, damage(readFileSync(path)))
      const nodes: Nodes = {
        input: ['file', { path: 'input.parquet' }],
        some: ['filter', { condition: 'record.t !== null' }],
        sorted: ['sort', { by: [{ field: 't', order: 'asc' }] }],
      }
      const { err } = await failed(start(nodes, [...args, '--tier', tier]))
      expect(err).toMatch(/^error input/m)
      expect(err).toContain('input.parquet')
      // What happened, then what to do.
      expect(err.trimEnd().split('\n').length).toBeGreaterThan(1)
    })
  })

  test('a limit that leaves nothing to work with is refused with what would do', async () => {
    const nodes: Nodes = {
      numbers: ['range', { to: 20 }],
      large: ['map', { value: '({ record, text: String(record).repeat(4_000_000) })' }],
      sorted: ['sort', { by: [{ field: 'text', order: 'asc' }] }],
    }
    const { err } = await failed(start(nodes, [...args, '--memory', '16MB']))
    expect(err).toMatch(/^error sorted/m)
    expect(err).toContain('16 MB')
    expect(err).toContain('more memory')
  })
})

describe('a file that is read in parts and changes meanwhile', () => {
  /** Takes its time with each record, so that the change comes in the middle. */
  const slow =
    '(() => { for (const end = performance.now() + 0.01; performance.now() < end; ); return record })()'
  const line = `${JSON.stringify({ text: 'x'.repeat(90) })}\n`
  const LINES = 100_000

  async function changedBy(change: (path: string) => void): Promise<Ended> {
    const path = join(folder, 'input.ndjson')
    writeFileSync(path, line.repeat(LINES))
    const nodes: Nodes = { input: ['file', { path: 'input.ndjson' }], slow: ['map', { value: slow }], count }
    const running = start(nodes, ['--workers', '2', '--meters'])
    const ended = failed(running)
    for await (const { nodes: meters } of meterLines(running)) {
      if (meters['slow']!['in']! > 1000) break
    }
    change(path)
    return ended
  }

  test.each([
    ['cut off', (path: string) => truncateSync(path, 1000)],
    ['emptied', (path: string) => truncateSync(path, 0)],
    [
      'rewritten with the same length',
      (path: string) => writeFileSync(path, line.replace('x', 'y').repeat(LINES)),
    ],
    [
      'replaced by another',
      (path: string) => {
        rmSync(path)
        writeFileSync(path, line.repeat(10))
      },
    ],
  ])('fails the run where it is %s', async (_, change) => {
    const { err } = await changedBy(change)
    expect(err).toMatch(/error input/)
    expect(err).toContain('input.ndjson changed while it was being read')
  })
})

/** A small file system of its own, where this process may make one. */
function mount(at: string, size: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at]).status === 0
}

describe('a full disk', () => {
  const records: Nodes = {
    numbers: ['range', { to: 600_000 }],
    large: ['map', { value: '({ record, text: String(record * 7919 % 1000003).repeat(8) })' }],
  }
  let mounted: string | undefined
  afterEach(() => {
    if (mounted !== undefined) spawnSync('umount', [mounted])
    mounted = undefined
  })

  test('for temporary files fails the node that holds records', async ({ skip }) => {
    if (!mount(temporary, '2m')) skip('only root may mount a small disk')
    mounted = temporary
    const { err } = await failed(
      start({ ...records, sorted: ['sort', { by: [{ field: 'text', order: 'asc' }] }] }, [
        '--memory',
        '16MB',
      ]),
    )
    expect(err).toMatch(/^error sorted/m)
    expect(err).toContain('the disk is full')
    expect(err).toContain('TMPDIR')
  })

  test('for the output fails the node that writes', async ({ skip }) => {
    const small = join(folder, 'small')
    mkdirSync(small)
    if (!mount(small, '2m')) skip('only root may mount a small disk')
    mounted = small
    const flow = {
      ...flowOf({ ...records, out: ['write-file', { path: 'small/out.ndjson' }] }, [
        'numbers.out -> large.in',
        'large.out -> out.in',
      ]),
    }
    writeFileSync(join(folder, 'flow.weir.json'), JSON.stringify({ ...flow, layout: undefined }))
    const { ended } = startWeir(['run', 'flow.weir.json'], folder, { env: { TMPDIR: temporary } })
    const { status, err } = await ended
    expect(status, err).toBe(1)
    expect(err).toMatch(/^error out/m)
    expect(err).toMatch(/full|space/)
    expect(readdirSync(small)).toEqual([])
    nothingLeft()
  })
})
