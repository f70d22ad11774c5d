/** What an edge shows of the run, computed once per frame for its SVG label or for the overlay. */
import { live } from '../stores/live.ts'
import { isRunning, runStore } from '../stores/run.ts'
import { formatRate, formatRecords } from './format-numbers.ts'
import { fillShown } from './live-lookup.ts'
import type { Plan } from '../../engine/host/protocol.ts'

/** `none` without a run, `empty` before the first record, `moving`, and `still` two seconds after the last one. */
export type EdgeFlow = 'none' | 'empty' | 'moving' | 'still'

export interface EdgeReading {
  flow: EdgeFlow
  /** 0..1. */
  fill: number
  full: boolean
  /** Empty where there is nothing to say. */
  count: string
  rate: string
}

const NOTHING: EdgeReading = { flow: 'none', fill: 0, full: false, count: '', rate: '' }
const STILL_AFTER_MS = 2000
const FULL = 0.98

/** When each edge last grew, in ms of the run; kept outside components, which come and go while one pans. */
let growth = new Map<string, { records: number; at: number }>()
let growthOf: Plan | null = null

export function readEdge(id: string, source: string): EdgeReading {
  const edge = live.edge(id)
  const frame = live.frame
  if (!edge || !frame) return NOTHING
  if (growthOf !== live.plan) {
    growthOf = live.plan
    growth = new Map()
  }
  const running = isRunning(runStore.getState().run)
  let last = growth.get(id)
  if (!last || last.records !== edge.records) {
    // Seen for the first time: it may have stopped growing long ago.
    const at = last || edge.rate > 0 ? frame.elapsedMs : -STILL_AFTER_MS
    growth.set(id, (last = { records: edge.records, at }))
  }
  const fill = running ? fillShown(edge, source) : 0
  const moving = running && frame.elapsedMs - last.at < STILL_AFTER_MS
  return {
    flow: edge.records === 0 ? 'empty' : moving ? 'moving' : 'still',
    fill,
    full: fill >= FULL,
    count: edge.records === 0 ? '' : formatRecords(edge.records, edge.about),
    rate: moving && edge.rate > 0 ? formatRate(edge.rate) : '',
  }
}

/** Calls at once, at every frame, and when a run begins or ends. */
export function onLive(listener: () => void): () => void {
  const stopLive = live.subscribe(listener)
  const stopRun = runStore.subscribe((state, old) => state.run !== old.run && listener())
  listener()
  return () => {
    stopLive()
    stopRun()
  }
}
