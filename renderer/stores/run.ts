/** The run store's slow half: what changes a few times per run. Live numbers are in `live.ts`, outside React. */
import { createStore } from 'zustand/vanilla'
import type { LogLine, NodeDescriptor, Problem, RunState } from '../../engine/host/protocol.ts'
import type { EngineStatus } from '../shell/shell.ts'

/** Lines kept in the log panel. */
export const LOG_LIMIT = 1000

export interface RunStoreState {
  engine: EngineStatus
  /** Empty until the first hello. */
  descriptors: ReadonlyMap<string, NodeDescriptor>
  /** The newest run, ended or not; null before the first. */
  run: RunState | null
  /** True from pressing Run until the engine answered. */
  starting: boolean
  problems: readonly Problem[]
  log: readonly LogLine[]
  /** Warnings and errors of the newest run that nobody has seen in the log yet. */
  unread: readonly LogLine[]

  setEngine(engine: EngineStatus): void
  setDescriptors(descriptors: readonly NodeDescriptor[]): void
  setRun(run: RunState | null): void
  setStarting(starting: boolean): void
  setProblems(problems: readonly Problem[]): void
  addLog(lines: readonly LogLine[]): void
  clearLog(): void
  /** The log is looked at. */
  readLog(): void
}

export const runStore = createStore<RunStoreState>()((set, get) => ({
  engine: { state: 'connecting' },
  descriptors: new Map(),
  run: null,
  starting: false,
  problems: [],
  log: [],
  unread: [],

  setEngine: (engine) => set({ engine }),
  setDescriptors: (list) =>
    set({ descriptors: new Map(list.map((descriptor) => [descriptor.type, descriptor])) }),
  setRun: (run) => set({ run, ...(run?.runId !== get().run?.runId && { unread: [] }) }),
  setStarting: (starting) => set({ starting }),
  setProblems: (problems) => set({ problems }),
  addLog: (lines) => {
    const serious = lines.filter(({ level }) => level === 'warning' || level === 'error')
    set({
      log: [...get().log, ...lines].slice(-LOG_LIMIT),
      ...(serious.length > 0 && { unread: [...get().unread, ...serious].slice(-LOG_LIMIT) }),
    })
  },
  clearLog: () => set({ log: [], unread: [] }),
  readLog: () => {
    if (get().unread.length > 0) set({ unread: [] })
  },
}))

export function isRunning(run: RunState | null): boolean {
  return run !== null && (run.phase === 'running' || run.phase === 'stopping')
}
