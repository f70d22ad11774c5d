/** What a case of the bench is: the same work for Weir and for its peers, as data. */
import type { Flow } from '../../../engine/flow/model.ts'
import type { Command } from '../peers/command.ts'
import type { DataId } from '../data/sets.ts'

/** What a command may need to know. */
export interface Scene {
  /** Records at this contender's share of the data. */
  records: number
  /** Path of a data set, at this contender's share. */
  data(id: DataId): string
  /** A file that the contender may write; it is not there at the start. */
  out: string
}

export interface Contender {
  id: string
  title: string
  /** Part of the work, for one too slow to do all of it; it is compared by records per second. 1 where left out. */
  share?: number
  /** So many processes at the same time, each with all of the work: what the machine has to give. 1 where left out. */
  together?: number
  command(scene: Scene): Command
}

/** What has to be reached, as data. `than` and `of` are ids of contenders and figures. */
export type Bar =
  /** Weir handles at least so many times the records per second of another contender. */
  | { kind: 'speed'; than: string; atLeast: number; say: string }
  /** Weir takes at most such a part more than another contender: the middle one of the runs' pairs decides. */
  | { kind: 'cost'; than: string; of: 'processor' | 'wall'; atMost: number; say: string }
  | { kind: 'rate'; atLeast: number; say: string }
  | { kind: 'seconds'; atMost: number; say: string }
  | { kind: 'peak'; atMost: number; say: string }
  | { kind: 'figure'; of: string; atMost: number; say: string }

/** What a build of Weir may not have yet. */
export interface Needs {
  /** Options of `weir run`. */
  options?: string[]
  /** A format of the `file` node. */
  fileFormat?: string
}

interface Work {
  id: string
  title: string
  /** What is done, in one sentence. */
  work: string
  data: DataId[]
  records(scale: number): number
  flow(scene: Scene): Flow
  bars: Bar[]
  /** What the case cannot do without; where it is missing, the case says so and is not measured. */
  needs?: Needs
}

/** Whole processes one after the other; the first contender is Weir. */
export interface RaceCase extends Work {
  kind: 'race'
  contenders: [Contender, ...Contender[]]
  /** Where and how the answer is read. */
  answer: 'rows' | 'ndjson-file' | 'bytes-file'
  /** At least so many rounds, for differences of a few hundredths; the order is turned round in every second one. */
  pairs?: number
}

/** Weir alone, held back by its slowest consumer and then stopped. */
export interface StallCase extends Work {
  kind: 'stall'
  /** How long it is watched. */
  seconds: number
}

export type BenchCase = RaceCase | StallCase

/** Weir as it is, the first contender of most cases. */
export const WEIR: Contender = { id: 'weir', title: 'Weir', command: () => ({ peer: 'weir' }) }

export const MB = 1_000_000
