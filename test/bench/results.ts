/** What came out of a bench, as data: what `--json` writes and the report is made of. */
import type { BarVerdict } from './bars.ts'
import type { Outcome } from './measure/race.ts'
import type { Summary } from './measure/statistics.ts'

export interface ContenderResult {
  id: string
  title: string
  share: number
  /** As one would type it; empty where the peer is missing. */
  shown: string
  outcome: Outcome
}

export interface CaseResult {
  id: string
  title: string
  work: string
  /** Of Weir. */
  records: number
  /** Why nothing was measured. */
  notMeasurable?: string
  contenders: ContenderResult[]
  /** Further numbers, in bytes and seconds. */
  figures: Record<string, Summary>
  bars: BarVerdict[]
}

export interface BenchResult {
  date: string
  command: string
  scale: number
  runs: number
  machine: [string, string][]
  peers: [string, string][]
  data: { id: string; title: string; records: number; bytes: number; sha256: string }[]
  cases: CaseResult[]
}
