/** The bench: prepares, measures, reports. Started by `scripts/bench.mjs`. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as prettier from 'prettier'
import { buildWeir } from './build-weir.ts'
import type { BenchCase } from './cases/case.ts'
import { CASES } from './cases/index.ts'
import { DATA_SETS } from './data/sets.ts'
import { BENCH, ROOT, WORK } from './folders.ts'
import { HELP, readOptions } from './options.ts'
import type { BenchOptions } from './options.ts'
import { endRunning } from './measure/whole-process.ts'
import { PEERS } from './peers/command.ts'
import type { PeerId } from './peers/command.ts'
import { findPeers } from './peers/find-peers.ts'
import { installPeers } from './peers/install-peers.ts'
import type { Peers } from './peers/find-peers.ts'
import { machineFacts } from './report/machine.ts'
import { pageOf } from './report/page.ts'
import { caseText } from './report/terminal.ts'
import type { BenchResult, CaseResult } from './results.ts'
import { runCase } from './run-case.ts'
import type { Bench } from './run-case.ts'

/** Runs the bench as its words say; returns the exit status. A bar that is missed is a number, not a failure. */
export async function bench(words: string[]): Promise<number> {
  const options = readOptions(words)
  if (options.help) {
    console.log(HELP)
    return 0
  }
  if (options.from !== undefined) {
    const earlier = JSON.parse(readFileSync(fromCaller(options.from), 'utf8')) as BenchResult
    await report(options, earlier)
    for (const result of earlier.cases) console.log(`\n── ${result.title}\n${caseText(result)}`)
    return 0
  }
  const cases = chosen(options)
  const machine = machineFacts()
  if (options.install) installPeers()
  const weir = await buildWeir()
  const peers = findPeers(weir)
  if (options.list) {
    console.log(listText(cases, peers))
    return 0
  }
  const run: Bench = {
    ...options,
    weir,
    peers,
    wanted: new Set<PeerId>(['weir', ...(options.peers.length > 0 ? (options.peers as PeerId[]) : PEERS)]),
    used: new Map(),
    told: (text) => console.error(`  ${text}`),
  }
  process.once('SIGINT', interrupted)
  const results: CaseResult[] = []
  for (const benchCase of cases) {
    console.log(`\n── ${benchCase.title}`)
    const result = await runCase(run, benchCase)
    console.log(caseText(result))
    results.push(result)
  }
  rmSync(WORK, { recursive: true, force: true })
  await report(options, {
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench --', ...words].join(' '),
    scale: options.scale,
    runs: options.runs,
    machine,
    peers: peerFacts(peers, run.wanted),
    data: [...run.used.values()].map((data) => ({ ...data, title: DATA_SETS[data.id].title })),
    cases: results,
  })
  return results.some(failed) ? 1 : 0
}

function interrupted(): never {
  endRunning()
  process.exit(130)
}

function chosen({ cases, peers }: BenchOptions): BenchCase[] {
  const known = CASES.map(({ id }) => id)
  const unknown = [
    ...cases.filter((id) => !known.includes(id)),
    ...peers.filter((id) => !PEERS.some((peer) => peer === id)),
  ]
  if (unknown.length > 0) {
    throw new Error(
      `Not known: ${unknown.join(', ')}. Cases are ${known.join(', ')}; peers are ${PEERS.join(', ')}.`,
    )
  }
  return CASES.filter(({ id }) => cases.length === 0 || cases.includes(id))
}

/** npm changes to the package's folder; a path counts from where the person is. */
function fromCaller(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? '', path)
}

async function report({ json, write }: BenchOptions, result: BenchResult): Promise<void> {
  if (json !== undefined) writeFileSync(fromCaller(json), `${JSON.stringify(result, null, 2)}\n`)
  if (!write) return
  const path = join(ROOT, 'docs/benchmarks.md')
  const notes = join(BENCH, 'notes.md')
  const page = pageOf(result, existsSync(notes) ? readFileSync(notes, 'utf8') : '')
  const style = await prettier.resolveConfig(path)
  writeFileSync(path, await prettier.format(page, { ...style, filepath: path }))
  console.log(`\nWritten to docs/benchmarks.md.`)
}

function peerFacts(peers: Peers, wanted: ReadonlySet<PeerId>): [string, string][] {
  return PEERS.filter((id) => wanted.has(id)).map((id) => {
    const peer = peers[id]
    return [id, 'missing' in peer ? `left out: ${peer.missing}` : peer.version]
  })
}

function listText(cases: readonly BenchCase[], peers: Peers): string {
  const lines = cases.map(({ id, title }) => `${id.padEnd(26)}${title}`)
  const there = peerFacts(peers, new Set(PEERS)).map(([id, fact]) => `${id.padEnd(26)}${fact}`)
  return [...lines, '', ...there].join('\n')
}

/** Weir itself has to run and to be right. */
function failed({ contenders }: CaseResult): boolean {
  const weir = contenders.find(({ id }) => id === 'weir')?.outcome
  return weir !== undefined && weir.outcome !== 'measured'
}
