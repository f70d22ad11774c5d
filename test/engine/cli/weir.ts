/** Runs the built `weir` as a child process, as a person or a script would. */
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** WEIR_PROGRAM tests another build than that of this checkout. */
export const PROGRAM =
  process.env['WEIR_PROGRAM'] ?? fileURLToPath(new URL('../../../dist/engine/weir.js', import.meta.url))

export interface Ended {
  status: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

/** A running `weir`, its output kept; `ended` settles with all of it. */
export interface Running {
  child: ChildProcessWithoutNullStreams
  ended: Promise<Ended>
}

export interface Start {
  /** False: nobody reads its output. */
  readOut?: boolean
  /** Beside those of this process. */
  env?: Record<string, string>
}

export function startWeir(args: readonly string[], cwd: string, start: Start = {}): Running {
  const { readOut = true, env } = start
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not built. Run: npm run build:engine`)
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
  })
  let out = ''
  let err = ''
  if (readOut) child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  // A program that ended does not read its input any more.
  child.stdin.on('error', () => {})
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (status, signal) => resolve({ status, signal, out, err })),
  )
  return { child, ended }
}

/** Runs to the end, with this text on standard input. */
export function weir(args: readonly string[], cwd: string, input = ''): Promise<Ended> {
  const { child, ended } = startWeir(args, cwd)
  child.stdin.end(input)
  return ended
}

export interface MeterLine {
  elapsedMs: number
  memory: number
  nodes: Record<string, Record<string, number> & { state: string }>
  edges: Record<string, Record<string, number>>
}

/** The frames of a run with `--meters`, as they come. */
export async function* meterLines({ child }: Running): AsyncGenerator<MeterLine> {
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.startsWith('{')) yield JSON.parse(line) as MeterLine
  }
}

export interface Folder {
  path: string
  write(name: string, content: string): Promise<string>
  /** Writes a flow of these nodes, wired one behind the other unless edges are given; answers its name. */
  flow(nodes: Record<string, { type: string; config?: object }>, edges?: [string, string][]): Promise<string>
  remove(): Promise<void>
}

export async function temporaryFolder(): Promise<Folder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'weir-cli-')))
  let flows = 0
  const write = async (name: string, content: string) => {
    await writeFile(join(path, name), content)
    return join(path, name)
  }
  return {
    path,
    write,
    async flow(nodes, edges) {
      const ids = Object.keys(nodes)
      const chain = ids.slice(1).map((id, index): [string, string] => [`${ids[index]}.out`, `${id}.in`])
      const name = `flow${++flows}.weir.json`
      const wires = (edges ?? chain).map(([from, to]) => ({ from, to }))
      await write(name, JSON.stringify({ weir: 1, name, nodes, edges: wires }))
      return name
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}
