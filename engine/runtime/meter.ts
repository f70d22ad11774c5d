/**
 * The counters of a run: one page of float64 numbers in shared memory, added to once per batch by the worker and
 * read by the host at 10 Hz. Totals only. Float64 stores are exact up to 2^53 and whole on every platform Node runs on.
 */
import { EDGE_METERS, NODE_METERS, NODE_STATES } from '../host/protocol.ts'
import type { EdgeMeter, NodeMeter, NodeState, Plan } from '../host/protocol.ts'

const NODE_WIDTH = NODE_METERS.length
const EDGE_WIDTH = EDGE_METERS.length
const NODE_COLUMN = Object.fromEntries(NODE_METERS.map((name, column) => [name, column])) as Record<
  NodeMeter,
  number
>
const EDGE_COLUMN = Object.fromEntries(EDGE_METERS.map((name, column) => [name, column])) as Record<
  EdgeMeter,
  number
>
const STATE_NUMBER = Object.fromEntries(NODE_STATES.map((name, number) => [name, number])) as Record<
  NodeState,
  number
>

/** Behind the numbers of nodes and edges: what the thread says of itself, and what it is told. */
const THREAD_WIDTH = 3
const BEATS = 0
const RUNS = 1
/** When the run was told to stop, in ms since 1970, else 0: for loops over code of users, which may take longer for a batch than a stop may. */
export const STOP_CELL = 2

export class MeterPage {
  readonly buffer: SharedArrayBuffer
  readonly #thread: Float64Array
  readonly #nodes: Float64Array
  readonly #edges: Float64Array

  /** Lays the page out for a plan, over an existing buffer of the same plan or a new one. */
  constructor(plan: Plan, buffer?: SharedArrayBuffer) {
    const nodeLength = plan.nodes.length * NODE_WIDTH
    const edgeLength = plan.edges.length * EDGE_WIDTH
    this.buffer = buffer ?? new SharedArrayBuffer((nodeLength + edgeLength + THREAD_WIDTH) * 8)
    this.#nodes = new Float64Array(this.buffer, 0, nodeLength)
    this.#edges = new Float64Array(this.buffer, nodeLength * 8, edgeLength)
    this.#thread = new Float64Array(this.buffer, (nodeLength + edgeLength) * 8, THREAD_WIDTH)
  }

  /** The thread shows that it still takes turns. */
  beat(): void {
    this.#thread[BEATS]!++
  }
  get beats(): number {
    return this.#thread[BEATS]!
  }
  /** Index of the node whose code the thread runs, or ran last; undefined before the first. */
  get runs(): number | undefined {
    const number = this.#thread[RUNS]!
    return number === 0 ? undefined : number - 1
  }
  /** The thread runs no more code of nodes. */
  idle(): void {
    this.#thread[RUNS] = 0
  }
  /** Tells the thread that the run is to stop, also while it takes no turns. */
  askStop(at = performance.timeOrigin + performance.now()): void {
    this.#thread[STOP_CELL] = at
  }
  /** When that was, as `performance.now` of this thread has it: moments after a stop count from there, not from its being heard. */
  get stopAskedAt(): number | undefined {
    return this.isStopAsked ? this.#thread[STOP_CELL]! - performance.timeOrigin : undefined
  }
  get isStopAsked(): boolean {
    return this.#thread[STOP_CELL] !== 0
  }
  node(index: number): NodeMeters {
    const mark = { cells: this.#thread, cell: RUNS, value: index + 1 }
    return new NodeMeters(this.#nodes, index * NODE_WIDTH, mark)
  }
  edge(index: number): EdgeMeters {
    return new EdgeMeters(this.#edges, index * EDGE_WIDTH)
  }
  /** Copies for a frame. */
  read(): { nodes: number[]; edges: number[] } {
    return { nodes: Array.from(this.#nodes), edges: Array.from(this.#edges) }
  }
}

/** The pages of all threads of a run, read as one: the first is the run's own, the others are its part workers'. */
export class MeterPages {
  readonly pages: readonly MeterPage[]
  readonly #plan: Plan

  constructor(plan: Plan, parts: number) {
    this.#plan = plan
    this.pages = Array.from({ length: 1 + parts }, () => new MeterPage(plan))
  }

  /** Sums for a frame. A node that several threads run is in the state of the one that has most to say. */
  read(): { nodes: number[]; edges: number[] } {
    const { nodes, edges } = this.pages[0]!.read()
    for (const page of this.pages.slice(1)) {
      const more = page.read()
      for (let i = 0; i < edges.length; i++) edges[i]! += more.edges[i]!
      for (let i = 0; i < nodes.length; i++) {
        if (i % NODE_WIDTH !== NODE_COLUMN.state) nodes[i]! += more.nodes[i]!
        else if (WEIGHT[more.nodes[i]!]! > WEIGHT[nodes[i]!]!) nodes[i] = more.nodes[i]!
      }
    }
    return { nodes, edges }
  }

  /** Records that went over an edge, in all threads, and whether that is an estimate. */
  passed(edge: number): { records: number; isAbout: boolean } {
    const sum = (meter: EdgeMeter) => this.pages.reduce((all, page) => all + page.edge(edge).get(meter), 0)
    return { records: sum('records'), isAbout: sum('about') > 0 }
  }

  /** Tells all threads that the run is to stop, whatever they are at. */
  askStop(): void {
    const now = performance.timeOrigin + performance.now()
    for (const page of this.pages) page.askStop(now)
  }

  /** Indices of the nodes that have begun and not ended. */
  atWork(): number[] {
    const { nodes } = this.read()
    const [first, last] = [STATE_NUMBER.idle, STATE_NUMBER.done]
    return this.#plan.nodes.flatMap((_, index) => {
      const state = nodes[index * NODE_WIDTH + NODE_COLUMN.state]!
      return state > first && state < last ? [index] : []
    })
  }

  /** Brings every node that has not ended into a final state. */
  endAll(): void {
    for (const page of this.pages) {
      this.#plan.nodes.forEach((_, index) => {
        // A node that this thread did not run stays out of the sum.
        if (this.pages.length === 1 || page.node(index).get('state') > 0) page.node(index).setState('stopped')
      })
    }
  }
}

/** By state number: of two threads' states the one with more weight is shown. */
const ORDER: readonly NodeState[] = ['idle', 'done', 'stopped', 'waiting', 'blocked', 'running', 'failed']
const WEIGHT = NODE_STATES.map((state) => ORDER.indexOf(state))

/** How a thread shows that the code of a node runs: this value in this cell. */
export interface RunningMark {
  cells: Float64Array
  cell: number
  value: number
}

/** The meters of one node. */
export class NodeMeters {
  readonly #page: Float64Array
  readonly #at: number
  readonly mark: RunningMark
  constructor(page: Float64Array, at: number, mark: RunningMark) {
    this.#page = page
    this.#at = at
    this.mark = mark
  }
  /** From now on the thread runs this node's code. */
  runs(): void {
    const { cells, cell, value } = this.mark
    cells[cell] = value
  }
  add(meter: NodeMeter, amount: number): void {
    const index = this.#at + NODE_COLUMN[meter]
    this.#page[index] = this.#page[index]! + amount
  }
  set(meter: NodeMeter, value: number): void {
    this.#page[this.#at + NODE_COLUMN[meter]] = value
  }
  get(meter: NodeMeter): number {
    return this.#page[this.#at + NODE_COLUMN[meter]]!
  }
  /** Final states stay: a node that is done does not run again. */
  setState(state: NodeState): void {
    if (this.#page[this.#at]! < STATE_NUMBER.done) this.#page[this.#at] = STATE_NUMBER[state]
  }
}

/** The meters of one edge. */
export class EdgeMeters {
  readonly #page: Float64Array
  readonly #at: number
  constructor(page: Float64Array, at: number) {
    this.#page = page
    this.#at = at
  }
  passed(records: number, bytes: number): void {
    this.#page[this.#at] = this.#page[this.#at]! + records
    this.#page[this.#at + 1] = this.#page[this.#at + 1]! + bytes
  }
  /** What waits now, and its share of the capacity. */
  queued(records: number, bytes: number, fill: number): void {
    this.#page[this.#at + EDGE_COLUMN.queuedRecords] = records
    this.#page[this.#at + EDGE_COLUMN.queuedBytes] = bytes
    this.#page[this.#at + EDGE_COLUMN.fill] = fill
  }
  dropped(records: number): void {
    const index = this.#at + EDGE_COLUMN.dropped
    this.#page[index] = this.#page[index]! + records
  }
  /** Whether the records and bytes are estimates by now. */
  setAbout(isAbout: boolean): void {
    this.#page[this.#at + EDGE_COLUMN.about] = isAbout ? 1 : 0
  }
  get(meter: EdgeMeter): number {
    return this.#page[this.#at + EDGE_COLUMN[meter]]!
  }
}
