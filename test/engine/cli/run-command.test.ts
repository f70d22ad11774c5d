/** `weir run` as a child process: what goes where, and with which exit status it ends. */
import { existsSync, openSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { meterLines, PROGRAM, startWeir, temporaryFolder, weir } from './weir.ts'
import type { Folder, MeterLine } from './weir.ts'

let folder: Folder
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder.remove())

const run = (flow: string, ...more: string[]) => weir(['run', flow, ...more], folder.path)
const squares = () =>
  folder.flow({
    numbers: { type: 'range', config: { to: 4 } },
    square: { type: 'map', config: { value: 'record * record' } },
    result: { type: 'table' },
  })
const endless = { type: 'range', config: { to: 1e9, pauseMs: 1 } }

describe('results', () => {
  test('the only table comes out as NDJSON, and a quick run says nothing else', async () => {
    expect(await run(await squares())).toEqual({ status: 0, signal: null, out: '1\n4\n9\n16\n', err: '' })
  })

  test('every row is printed, far beyond what a table keeps', async () => {
    const flow = await folder.flow({
      numbers: { type: 'range', config: { to: 250_000 } },
      result: { type: 'table', config: { limit: 10 } },
    })
    const { status, out } = await run(flow)
    const rows = out.trimEnd().split('\n')
    expect([status, rows.length, rows.at(-1)]).toEqual([0, 250_000, '250000'])
  })

  test('with several tables one must be chosen, and the ways are named', async () => {
    const flow = await folder.flow(
      { n: { type: 'range', config: { to: 2 } }, a: { type: 'table' }, b: { type: 'table' } },
      [
        ['n.out', 'a.in'],
        ['n.out', 'b.in'],
      ],
    )
    const unclear = await run(flow)
    expect(unclear).toMatchObject({ status: 2, out: '' })
    expect(unclear.err).toContain('--result a or --result b')
    expect(await run(flow, '--result', 'b')).toMatchObject({ status: 0, out: '1\n2\n' })
    expect(await run(flow, '--no-result')).toMatchObject({ status: 0, out: '' })
  })

  test('a result that is no table, or no node, is refused before the run', async () => {
    const flow = await squares()
    const map = await run(flow, '--result', 'square')
    expect(map).toMatchObject({ status: 2, out: '' })
    expect(map.err).toContain('square is no table but a map. Its tables: result.')
    expect((await run(flow, '--result', 'resutl')).err).toContain('Did you mean --result result?')
  })

  test('print writes to standard output, and stdin reads what is piped in', async () => {
    const flow = await folder.flow({
      lines: { type: 'stdin', config: { format: 'lines' } },
      shout: { type: 'map', config: { value: 'record.toUpperCase()' } },
      out: { type: 'print' },
    })
    expect(await weir(['run', flow], folder.path, 'a\nb\n')).toMatchObject({
      status: 0,
      out: 'A\nB\n',
      err: '',
    })
  })

  test('the program ends although nobody closes its standard input', async () => {
    const flow = await folder.flow({
      lines: { type: 'stdin' },
      first: { type: 'take', config: { n: 1 } },
      out: { type: 'print' },
    })
    const running = startWeir(['run', flow], folder.path)
    running.child.stdin.write('one\ntwo\n')
    expect(await running.ended).toMatchObject({ status: 0, out: 'one\n' })
  })
})

describe('settings', () => {
  test('a setting replaces the file’s, and its JSON may be anything', async () => {
    expect(
      await run(await squares(), '--set', 'numbers.to=2', '--set', 'square.value="-record"'),
    ).toMatchObject({
      status: 0,
      out: '-1\n-2\n',
    })
  })

  test('a path in the flow counts from the flow, a path set here from the current folder', async () => {
    await mkdir(join(folder.path, 'flows'))
    await folder.write('data.txt', 'outer\n')
    await folder.write('flows/data.txt', 'inner\n')
    const nodes = { file: { type: 'file', config: { path: 'data.txt' } }, out: { type: 'print' } }
    await folder.write(
      'flows/f.weir.json',
      JSON.stringify({ weir: 1, name: 'f', nodes, edges: [{ from: 'file.out', to: 'out.in' }] }),
    )
    expect((await run('flows/f.weir.json')).out).toBe('inner\n')
    expect((await run('flows/f.weir.json', '--set', 'file.path="data.txt"')).out).toBe('outer\n')
  })

  test.each([
    ['numbers.too=2', 'Did you mean "to"?'],
    ['number.to=2', 'numbers'],
    ['numbers.to=two', 'is not JSON'],
    ['numbers', 'NODE.FIELD=JSON'],
    ['numbers.to="x"', 'numbers.to'],
  ])('the setting %s is refused with what to do', async (setting, words) => {
    const { status, out, err } = await run(await squares(), '--set', setting)
    expect([status, out]).toEqual([2, ''])
    expect(err).toContain(words)
  })
})

describe('flows and arguments that are wrong', () => {
  test('each problem is a line, and nothing runs', async () => {
    await folder.write(
      'bad.weir.json',
      JSON.stringify({
        weir: 1,
        name: 'bad',
        nodes: {
          a: { type: 'rnage' },
          b: { type: 'map', config: { value: 'record +' } },
          c: { type: 'print' },
        },
        edges: [
          { from: 'a.out', to: 'b.in' },
          { from: 'b.out', to: 'c.in' },
        ],
      }),
    )
    const { status, out, err } = await run('bad.weir.json')
    expect([status, out]).toEqual([2, ''])
    const lines = err.trimEnd().split('\n')
    expect(lines.length).toBeGreaterThanOrEqual(2)
    expect(lines.every((line) => /^(error|warning) /.test(line))).toBe(true)
    expect(err).toContain('Did you mean "range"?')
    expect(err).toMatch(/^error b\.value/m)
  })

  test.each([
    ['a file that is missing', ['run', 'gone.weir.json'], 'There is no file gone.weir.json.'],
    ['a folder', ['run', '.'], 'is a folder'],
    ['no flow', ['run'], "missing required argument 'flow'"],
    ['an unknown option', ['run', 'x', '--frob'], "unknown option '--frob'"],
    ['an unknown command', ['rnu'], "unknown command 'rnu'"],
    ['one argument too many', ['run', 'x', 'y'], 'too many arguments'],
  ])('%s ends with 2 and says so without a stack', async (_what, args, words) => {
    const { status, out, err } = await weir(args, folder.path)
    expect([status, out]).toEqual([2, ''])
    expect(err).toContain(words)
    expect(err).not.toMatch(/^\s+at /m)
  })

  test.each([
    ['empty', ''],
    ['cut off', '{"weir":1,"nodes":{'],
    ['no flow', '[1,2]'],
    ['binary', '\0\u0001\u0002'],
    ['of a newer version', '{"weir":99,"nodes":{}}'],
  ])('a flow file that is %s ends with 2 and one clear line', async (_what, text) => {
    await folder.write('x.weir.json', text)
    const { status, err } = await run('x.weir.json')
    expect(status).toBe(2)
    expect(err).toMatch(/^error[^\n]*\n$/)
  })
})

describe('failures', () => {
  test('a record that fails is told with node, number, record and remedy', async () => {
    const flow = await folder.flow({
      users: { type: 'list', config: { records: [{ id: { n: 1 } }, { id: null }] } },
      pick: { type: 'map', config: { value: 'record.id.n' } },
      result: { type: 'table' },
    })
    const { status, err } = await run(flow)
    expect(status).toBe(1)
    expect(err).toMatch(/^error pick.*record 2/m)
    expect(err).toContain('"id":null')
    expect(err).not.toMatch(/^\s+at /m)
  })

  test('a line of a file that cannot be read is told with its number', async () => {
    await folder.write('rows.ndjson', '{"a":1}\n{"a":\n')
    const flow = await folder.flow({
      rows: { type: 'file', config: { path: 'rows.ndjson' } },
      result: { type: 'table' },
    })
    const { status, err } = await run(flow)
    expect(status).toBe(1)
    expect(err).toMatch(/^error rows.*line 2/m)
  })

  test('a data file that is missing fails the run with its path', async () => {
    const flow = await folder.flow({
      rows: { type: 'file', config: { path: 'gone.csv' } },
      result: { type: 'table' },
    })
    const { status, err } = await run(flow)
    expect(status).toBe(1)
    expect(err).toContain('gone.csv')
  })

  test('a row that JSON cannot hold fails the run and is not left out', async () => {
    const flow = await folder.flow({
      numbers: { type: 'range', config: { to: 3 } },
      big: { type: 'map', config: { value: 'record === 2 ? 2n : record' } },
      result: { type: 'table' },
    })
    const { status, out, err } = await run(flow)
    expect([status, out]).toEqual([1, '1\n'])
    expect(err).toContain('error result, record 2')
  })

  test.skipIf(!existsSync('/dev/full'))('a full disk behind standard output fails the run', async () => {
    const flow = await squares()
    const child = spawn(process.execPath, [PROGRAM, 'run', flow], {
      cwd: folder.path,
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    })
    let err = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (err += text))
    const [status] = (await once(child, 'close')) as [number]
    expect(status).toBe(1)
    expect(err).toContain('Standard output cannot be written')
  })
})

describe('console', () => {
  test('what code writes to its console goes to standard error, apart from the records', async () => {
    const flow = await folder.flow({
      numbers: { type: 'range', config: { to: 2 } },
      talk: { type: 'script', config: { body: 'console.log("saw", record); return record' } },
      result: { type: 'table' },
    })
    expect(await run(flow)).toMatchObject({ status: 0, out: '1\n2\n', err: 'saw 1\nsaw 2\n' })
    expect(await run(flow, '--quiet')).toMatchObject({ status: 0, out: '1\n2\n', err: '' })
  })

  test('a standard error that nobody reads does not take the run with it', async () => {
    const flow = await folder.flow({
      numbers: { type: 'range', config: { to: 30, pauseMs: 10 } },
      result: { type: 'table' },
    })
    const running = startWeir(['run', flow, '--meters'], folder.path)
    running.child.stderr.destroy()
    const { status, out } = await running.ended
    expect([status, out.trimEnd().split('\n').length]).toEqual([0, 30])
  })
})

describe('readers', () => {
  test('a reader that has enough, as head does, ends the run quietly', async () => {
    const flow = await folder.flow({
      numbers: { type: 'range', config: { to: 1e12 } },
      result: { type: 'table' },
    })
    const running = startWeir(['run', flow], folder.path, { readOut: false })
    await once(running.child.stdout, 'readable')
    running.child.stdout.destroy()
    expect(await running.ended).toMatchObject({ status: 0, signal: null, err: '' })
  })

  test('a reader that stands still stops the source, and gets every record afterwards', async () => {
    const flow = await folder.flow({
      numbers: { type: 'range', config: { to: 1_000_000 } },
      result: { type: 'table', config: { limit: 1 } },
    })
    const running = startWeir(['run', flow, '--meters'], folder.path, { readOut: false })
    let made = -1
    let same = 0
    for await (const { nodes } of meterLines(running)) {
      same = nodes['numbers']!['out'] === made && made > 0 ? same + 1 : 0
      made = nodes['numbers']!['out']!
      // Five frames without a new record: it waits.
      if (same === 5) break
    }
    expect(same).toBe(5)
    expect(made).toBeLessThan(1_000_000)
    let lines = 0
    for await (const chunk of running.child.stdout)
      lines += (chunk as Buffer).reduce((sum, byte) => sum + Number(byte === 10), 0)
    expect(lines).toBe(1_000_000)
    expect((await running.ended).status).toBe(0)
  })
})

describe('signals', () => {
  /** Runs until records have reached the node, then sends the signal. */
  async function signalOnceFlowing(flow: string, node: string, signal: NodeJS.Signals) {
    const running = startWeir(['run', flow, '--meters'], folder.path)
    for await (const { nodes } of meterLines(running)) {
      if (nodes[node]!['in']! > 0) break
    }
    running.child.kill(signal)
    return running.ended
  }

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s closes outputs in good order and ends with %i', async (signal, status) => {
    const flow = await folder.flow({
      numbers: endless,
      file: { type: 'write-file', config: { path: 'out.ndjson' } },
    })
    expect(await signalOnceFlowing(flow, 'file', signal)).toMatchObject({ status, signal: null })
    const lines = (await readFile(join(folder.path, 'out.ndjson'), 'utf8')).split('\n')
    expect(lines.pop()).toBe('')
    expect(lines).toEqual(lines.map((_, index) => String(index + 1)))
    expect(lines.length).toBeGreaterThan(0)
    expect((await readdir(folder.path)).sort()).toEqual([flow, 'out.ndjson'])
  })

  test('what was written to standard output before Ctrl-C is whole lines', async () => {
    const flow = await folder.flow({ numbers: endless, result: { type: 'table' } })
    const { status, out } = await signalOnceFlowing(flow, 'result', 'SIGINT')
    expect(status).toBe(130)
    expect(out).toMatch(/^(\d+\n)+$/)
  })

  test('code that never returns does not keep Ctrl-C from ending it', async () => {
    const flow = await folder.flow({
      numbers: { type: 'range', config: { to: 5 } },
      trap: { type: 'script', config: { body: 'for (;;) if (record < 0) return record' } },
      result: { type: 'table' },
    })
    const running = startWeir(['run', flow, '--meters'], folder.path)
    for await (const line of meterLines(running)) if (line.elapsedMs > 0) break
    running.child.kill('SIGINT')
    expect((await running.ended).status).toBe(130)
  })

  test('a reader that stands still does not keep Ctrl-C from ending it', async () => {
    const flow = await folder.flow({
      numbers: { type: 'range', config: { to: 1e9 } },
      result: { type: 'table' },
    })
    const running = startWeir(['run', flow, '--meters'], folder.path, { readOut: false })
    let before = -1
    for await (const { nodes } of meterLines(running)) {
      if (nodes['numbers']!['out'] === before) break
      before = nodes['numbers']!['out']!
    }
    running.child.kill('SIGINT')
    const [status] = (await once(running.child, 'exit')) as [number]
    expect(status).toBe(130)
    running.child.stdout.destroy()
  })
})

describe('meters', () => {
  test('each frame is a line of JSON with names, and the last has the whole run', async () => {
    const flow = await folder.flow({
      numbers: { type: 'range', config: { to: 30, pauseMs: 10 } },
      result: { type: 'table' },
    })
    const { status, out, err } = await run(flow, '--meters')
    const frames = err
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as MeterLine)
    expect([status, out.split('\n').length]).toEqual([0, 31])
    expect(frames.length).toBeGreaterThan(1)
    expect(frames.at(-1)).toMatchObject({
      nodes: {
        numbers: { state: 'done', in: 0, out: 30, errors: 0, progressDone: 30, progressTotal: 30 },
        result: { state: 'done', in: 30 },
      },
      edges: { 'numbers.out->result.in': { records: 30, queuedRecords: 0, fill: 0 } },
    })
    const counts = frames.map((frame) => frame.nodes['numbers']!['out']!)
    expect(counts).toEqual(counts.toSorted((a, b) => a - b))
    expect(frames.every((frame) => frame.memory > 0)).toBe(true)
  })
})
