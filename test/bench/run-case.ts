/** Measures one case. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { judge } from './bars.ts'
import type { BarVerdict } from './bars.ts'
import type { BenchCase, Contender, RaceCase, Scene, StallCase } from './cases/case.ts'
import { WEIR } from './cases/case.ts'
import { prepareData } from './data/prepare.ts'
import { DATA_SETS } from './data/sets.ts'
import type { PreparedData } from './data/prepare.ts'
import type { DataId } from './data/sets.ts'
import { DATA, WORK } from './folders.ts'
import { bytesFileAnswer, ndjsonFileAnswer, rowsAnswer } from './measure/answer.ts'
import { race } from './measure/race.ts'
import type { Outcome, Runner } from './measure/race.ts'
import { watchStall } from './measure/stall.ts'
import type { Summary } from './measure/statistics.ts'
import { runTogether } from './measure/whole-process.ts'
import type { PeerId } from './peers/command.ts'
import type { Peers } from './peers/find-peers.ts'
import { startOf } from './peers/start-words.ts'
import type { CaseResult, ContenderResult } from './results.ts'
import { shownCommand } from './shown-command.ts'
import { unmetNeeds } from './unmet-needs.ts'

/** What all cases of a bench share. */
export interface Bench {
  scale: number
  runs: number
  peers: Peers
  /** Peers that are wanted, Weir always among them. */
  wanted: ReadonlySet<PeerId>
  /** Path of the program that is measured. */
  weir: string
  /** Data used so far at the bench's own scale. */
  used: Map<DataId, PreparedData>
  told: (text: string) => void
}

/** No contender may take longer for one run. */
const TIMEOUT_MS = 10 * 60_000

export async function runCase(bench: Bench, benchCase: BenchCase): Promise<CaseResult> {
  const { id, title, work, records, needs, bars } = benchCase
  const base = { id, title, work, records: records(bench.scale), contenders: [], figures: {} }
  const lacking = needs ? unmetNeeds(bench.weir, needs) : []
  const missing =
    lacking.length > 0 ? `Weir has no ${lacking.join(' and no ')}` : unmadeData(bench, benchCase)
  if (missing !== null) {
    const verdicts = bars.map(({ say }): BarVerdict => ({ say, verdict: 'not measured', found: missing }))
    return { ...base, notMeasurable: `${missing}.`, bars: verdicts }
  }
  mkdirSync(WORK, { recursive: true })
  if (benchCase.kind === 'stall') return { ...base, ...(await stall(bench, benchCase)) }

  const contenders = await raceOf(bench, benchCase)
  const outcomes = new Map(contenders.map(({ id, outcome }) => [id, outcome]))
  return { ...base, contenders, bars: bars.map((bar) => judge(bar, { outcomes, figures: {} })) }
}

/** Why a data set of the case cannot be made. */
function unmadeData(bench: Bench, { data }: BenchCase): string | null {
  const duckdb = bench.peers.duckdb
  const converted = data.filter((id) => 'convert' in DATA_SETS[id])
  return 'missing' in duckdb && converted.length > 0
    ? `${converted.join(', ')} needs DuckDB: ${duckdb.missing}`
    : null
}

function sqlRunner({ peers }: Bench): (sql: string) => void {
  return (sql) => {
    const start = startOf({ peer: 'duckdb', sql }, '', peers)
    if ('missing' in start) throw new Error(`DuckDB is ${start.missing}`)
    const { status, stderr } = spawnSync(start.argv[0]!, start.argv.slice(1), { encoding: 'utf8' })
    if (status !== 0) throw new Error(`DuckDB could not write the data: ${stderr.trim()}`)
  }
}

async function stall(bench: Bench, stallCase: StallCase): Promise<Pick<CaseResult, 'figures' | 'bars'>> {
  const start = startOf(
    { peer: 'weir', args: ['--meters'] },
    writeFlow(stallCase, await sceneOf(bench, stallCase, WEIR)),
    bench.peers,
  )
  if ('missing' in start) throw new Error(start.missing)
  const figures: Record<string, Summary> = {
    ...(await watchStall(start.argv, stallCase.seconds, bench.runs)),
  }
  const outcomes = new Map<string, Outcome>()
  return { figures, bars: stallCase.bars.map((bar) => judge(bar, { outcomes, figures })) }
}

async function raceOf(bench: Bench, raceCase: RaceCase): Promise<ContenderResult[]> {
  const found: ContenderResult[] = []
  const runners: Runner[] = []
  for (const contender of raceCase.contenders) {
    const { id, title, share = 1 } = contender
    const made = await runnerOf(bench, raceCase, contender)
    if (made === null) continue
    if ('missing' in made) {
      found.push({ id, title, share, shown: '', outcome: { outcome: 'missing', why: made.missing } })
    } else {
      found.push({
        id,
        title,
        share,
        shown: made.shown,
        outcome: { outcome: 'failed', why: 'it was not run' },
      })
      runners.push(made.runner)
    }
  }
  runners.push(...(await witnesses(bench, raceCase, runners)))
  const outcomes = await race(runners, {
    runs: Math.max(bench.runs, raceCase.pairs ?? 0),
    turned: raceCase.pairs !== undefined,
    told: bench.told,
  })
  return found.map((result) => ({ ...result, outcome: outcomes.get(result.id) ?? result.outcome }))
}

/** Weir, not timed, for every part of the work that Weir itself is not timed with. */
async function witnesses(bench: Bench, raceCase: RaceCase, runners: readonly Runner[]): Promise<Runner[]> {
  const groups = new Set(runners.map(({ group }) => group))
  groups.delete('1')
  const made: Runner[] = []
  for (const group of groups) {
    const share = Number(group)
    const witness = await runnerOf(bench, raceCase, { ...WEIR, id: `weir at ${share}`, share })
    if (witness && 'runner' in witness) made.push({ ...witness.runner, timed: false })
  }
  return made
}

type Made = { runner: Runner; shown: string } | { missing: string }

/** Null for one that is not wanted. */
async function runnerOf(bench: Bench, raceCase: RaceCase, contender: Contender): Promise<Made | null> {
  const scene = await sceneOf(bench, raceCase, contender)
  const command = contender.command(scene)
  if (!bench.wanted.has(command.peer)) return null
  const start = startOf(command, writeFlow(raceCase, scene), bench.peers)
  if ('missing' in start) return start
  const { together = 1 } = contender
  const runner: Runner = {
    id: contender.id,
    group: String(contender.share ?? 1),
    timed: true,
    records: scene.records * together,
    run: () => {
      rmSync(scene.out, { force: true })
      return runTogether({ ...start, cwd: WORK, timeoutMs: TIMEOUT_MS }, together)
    },
    answer: async ({ stdout }) => {
      if (raceCase.answer === 'rows') return rowsAnswer(stdout)
      return raceCase.answer === 'ndjson-file' ? ndjsonFileAnswer(scene.out) : bytesFileAnswer(scene.out)
    },
  }
  const shown = shownCommand(start.argv, start.env)
  return { runner, shown: Array.from({ length: together }, () => shown).join(' & ') }
}

/** What a contender finds; its data is made where it is missing. */
async function sceneOf(bench: Bench, benchCase: BenchCase, contender: Contender): Promise<Scene> {
  const scale = Number((bench.scale * (contender.share ?? 1)).toPrecision(6))
  const paths = new Map<DataId, string>()
  for (const id of benchCase.data) {
    const data = await prepareData(id, scale, { folder: DATA, runSql: sqlRunner(bench) })
    if (scale === bench.scale) bench.used.set(id, data)
    paths.set(id, data.path)
  }
  return {
    records: Math.round(benchCase.records(scale)),
    data: (id) => {
      const path = paths.get(id)
      if (path === undefined) throw new Error(`The case ${benchCase.id} does not name ${id} as its data.`)
      return path
    },
    out: join(WORK, `${benchCase.id}-${contender.id.replaceAll(/\W/g, '-')}.out`),
  }
}

function writeFlow(benchCase: BenchCase, scene: Scene): string {
  const path = scene.out.replace(/\.out$/, '.weir.json')
  writeFileSync(path, `${JSON.stringify(benchCase.flow(scene), null, 2)}\n`)
  return path
}
