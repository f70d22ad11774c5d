/** A named pipe without a writer once held a thread that neither Stop nor the end of the process could take back. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const PROGRAM =
  process.env['WEIR_PROGRAM'] ?? fileURLToPath(new URL('../../dist/engine/weir.js', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-pipe-'))
  execFileSync('mkfifo', [join(folder, 'pipe.log')])
  const flow = {
    weir: 1,
    name: 'Pipe',
    nodes: { f: { type: 'file', config: { path: 'pipe.log' } }, t: { type: 'table' } },
    edges: [{ from: 'f.out', to: 't.in' }],
  }
  await writeFile(join(folder, 'pipe.weir.json'), JSON.stringify(flow))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test.runIf(process.platform !== 'win32')('a pipe that nobody writes to is stopped by Ctrl-C', async () => {
  const child = spawn(process.execPath, [PROGRAM, 'run', 'pipe.weir.json', '--meters'], { cwd: folder })
  const exit = once(child, 'exit')
  // The first frame in which the source runs: it waits for a writer now.
  let meters = ''
  for await (const chunk of child.stderr) {
    meters += String(chunk)
    if (/"f":\{"state":"(running|waiting)"/.test(meters)) break
  }
  child.kill('SIGINT')
  expect((await exit)[0]).toBe(130)
})

test.runIf(process.platform !== 'win32')('what a late writer sends arrives whole', async () => {
  const child = spawn(process.execPath, [PROGRAM, 'run', 'pipe.weir.json'], { cwd: folder })
  let out = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  const exit = once(child, 'exit')
  const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}`)
  await writeFile(join(folder, 'pipe.log'), `${lines.join('\n')}\n`)
  expect((await exit)[0]).toBe(0)
  expect(out.trim().split('\n')).toEqual(lines.map((line) => JSON.stringify(line)))
})

/** A flow of so many numbers into the pipe. */
async function writing(to: number): Promise<void> {
  const flow = {
    weir: 1,
    name: 'Into a pipe',
    nodes: {
      n: { type: 'range', config: { to } },
      w: { type: 'write-file', config: { path: 'pipe.log', format: 'lines' } },
    },
    edges: [{ from: 'n.out', to: 'w.in' }],
  }
  await writeFile(join(folder, 'pipe.weir.json'), JSON.stringify(flow))
}

test.runIf(process.platform !== 'win32')('a pipe that nobody reads is stopped by Ctrl-C', async () => {
  await writing(1_000_000)
  const child = spawn(process.execPath, [PROGRAM, 'run', 'pipe.weir.json', '--meters'], { cwd: folder })
  const exit = once(child, 'exit')
  let text = ''
  for await (const chunk of child.stderr) {
    text += String(chunk)
    if (/"w":\{"state":"waiting"/.test(text)) break
  }
  let after = ''
  child.stderr.on('data', (chunk) => (after += String(chunk)))
  child.kill('SIGINT')
  expect((await exit)[0]).toBe(130)
  expect(after).not.toContain('by force')
})

test.runIf(process.platform !== 'win32')(
  'what is written to a pipe arrives whole at a late reader',
  async () => {
    await writing(100_000)
    const child = spawn(process.execPath, [PROGRAM, 'run', 'pipe.weir.json'], { cwd: folder })
    const exit = once(child, 'exit')
    const text = await readFile(join(folder, 'pipe.log'), 'utf8')
    expect((await exit)[0]).toBe(0)
    expect(text.split('\n')).toEqual([...Array.from({ length: 100_000 }, (_, index) => `${index + 1}`), ''])
  },
)

test.runIf(process.platform !== 'win32')('a reader that goes away fails the run, and says so', async () => {
  await writing(10_000_000)
  const child = spawn(process.execPath, [PROGRAM, 'run', 'pipe.weir.json'], { cwd: folder })
  const exit = once(child, 'exit')
  let text = ''
  child.stderr.on('data', (chunk) => (text += String(chunk)))
  execFileSync('head', ['-n', '5', join(folder, 'pipe.log')])
  expect((await exit)[0]).toBe(1)
  expect(text).toMatch(/error w.path: .*pipe\.log could not be written/)
})

test.runIf(process.platform !== 'win32')('a run that waits at a pipe says for whom', async () => {
  const said = async () => {
    const child = spawn(process.execPath, [PROGRAM, 'run', 'pipe.weir.json'], { cwd: folder })
    const exit = once(child, 'exit')
    let text = ''
    for await (const chunk of child.stderr) {
      text += String(chunk)
      if (text.includes('waiting for')) child.kill('SIGINT')
    }
    expect((await exit)[0]).toBe(130)
    return text
  }
  const path = join(folder, 'pipe.log')
  expect(await said()).toContain(`f: waiting for somebody to write to “${path}”\n`)
  await writing(10)
  expect(await said()).toContain(`w: waiting for somebody to read “${path}”\n`)
})
