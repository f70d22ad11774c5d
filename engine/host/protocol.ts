/**
 * The wire between a client (renderer, tests) and an engine session. The only engine file that the renderer
 * may import. Requests are checked with zod where they enter (requests.ts); replies and events are plain JSON-safe data.
 */
import type { z } from 'zod'
import { edgeId, endpointOf, flowSchema, MAX_FLOW_BYTES } from '../flow/model.ts'
import type { Flow } from '../flow/model.ts'
import type { Problem } from '../flow/problem.ts'
import type { NodeDescriptor } from '../spec/descriptor.ts'
import type { requests } from './requests.ts'

export type { Capacity, Endpoint, Flow, FlowEdge, FlowNode, RunSettings } from '../flow/model.ts'
export type { Place, Problem, ProblemCode } from '../flow/problem.ts'
export type { JsonSchema, NodeDescriptor } from '../spec/descriptor.ts'
export type { Kind, PortSpec, PortType } from '../spec/node.ts'
export type { Port as WirePort } from './port.ts'
export { edgeId, endpointOf, MAX_FLOW_BYTES }

/** Raised when a client of an older version could misread a newer engine. */
export const PROTOCOL_VERSION = 2
/** Frames per second at most. */
export const FRAME_RATE = 10

// ---------------------------------------------------------------- meters

/** State of a node while a run exists, as the number in its `state` column. */
export const NODE_STATES = ['idle', 'running', 'waiting', 'blocked', 'done', 'stopped', 'failed'] as const
export type NodeState = (typeof NODE_STATES)[number]

/**
 * Columns of a node in a frame. Times are ms, `progress*` share one unit per node (bytes or records), 0 where unknown.
 * `about` is 1 while `in`, `out` and `dropped` are estimates, to be shown with a sign that says so; the exact numbers
 * that take their place may be smaller.
 */
export const NODE_METERS = [
  'state',
  'in',
  'out',
  'errors',
  'dropped',
  'bytes',
  'busyMs',
  'waitingMs',
  'blockedMs',
  'progressDone',
  'progressTotal',
  'about',
] as const
export type NodeMeter = (typeof NODE_METERS)[number]

/**
 * Columns of an edge. `records` and `bytes` are totals (bytes of records in memory are an estimate), `queued*` what
 * waits in the channel now, `fill` 0..1 of its capacity (always 0 on direct edges), `dropped` what nobody wanted any more.
 * `about` is 1 while `records` is an estimate, as for nodes.
 */
export const EDGE_METERS = [
  'records',
  'bytes',
  'queuedRecords',
  'queuedBytes',
  'fill',
  'dropped',
  'about',
] as const
export type EdgeMeter = (typeof EDGE_METERS)[number]

/** Totals of a whole run at one moment; never deltas, so a lost frame harms nothing. */
export interface Frame {
  seq: number
  runId: string
  /** ms since the run began. */
  elapsedMs: number
  /** Resident memory of the engine process, bytes. */
  memory: number
  /** plan.nodes.length × NODE_METERS.length numbers, in the order of the plan. */
  nodes: number[]
  /** plan.edges.length × EDGE_METERS.length numbers, in the order of the plan. */
  edges: number[]
}

/** Reads one number of a node, by its index in the plan. */
export function nodeMeter(frame: Frame, index: number, meter: NodeMeter): number {
  return frame.nodes[index * NODE_METERS.length + NODE_METERS.indexOf(meter)] ?? 0
}

/** Reads one number of an edge, by its index in the plan. */
export function edgeMeter(frame: Frame, index: number, meter: EdgeMeter): number {
  return frame.edges[index * EDGE_METERS.length + EDGE_METERS.indexOf(meter)] ?? 0
}

export function nodeState(frame: Frame, index: number): NodeState {
  return NODE_STATES[nodeMeter(frame, index, 'state')] ?? 'idle'
}

// ---------------------------------------------------------------- plan and run

/**
 * How a stage is executed. kernel: bytes in, only the fields that something downstream reads. row: records, in one
 * loop of the nodes' own code. sql: one DuckDB statement.
 */
export const TIERS = ['kernel', 'row', 'sql'] as const
export type Tier = (typeof TIERS)[number]

export interface PlanNode {
  id: string
  type: string
  kind: 'generator' | 'processor' | 'consumer'
  /** Index of its stage. */
  stage: number
  /** What ran it; the same for all nodes of a stage. */
  tier: Tier
}

export interface PlanEdge {
  /** "from->to". */
  id: string
  from: { node: string; port: string }
  to: { node: string; port: string }
  /** Direct edges lie inside a stage: a function call, no queue. */
  direct: boolean
  capacity: { records: number; bytes: number }
}

/** Nodes that run together, the head first. */
export interface PlanStage {
  nodes: string[]
  tier: Tier
  /** Worker threads that do its work at once, each a share of the source; 1: the run's own thread does it. */
  workers: number
  /** Nodes where workers divide what they hold by the hash of its keys, so that each has all that is known of its own. */
  exchanges?: string[]
  /** Why this tier and so many workers, one sentence for people. */
  why: string
}

/** A validated flow, cut into stages. */
export interface Plan {
  nodes: PlanNode[]
  edges: PlanEdge[]
  stages: PlanStage[]
}

export type RunPhase = 'running' | 'stopping' | 'done' | 'stopped' | 'failed'

export interface RunError {
  /** `crashed`: the engine or its worker died. `record`: a record failed and no wire was there for it. */
  code: 'node' | 'record' | 'crashed' | 'memory' | 'unresponsive' | 'internal'
  message: string
  remedy: string
  at: { node?: string; field?: string; line?: number; recordNumber?: number }
  /** A preview of the record that failed. */
  record?: unknown
}

export interface RunState {
  runId: string
  phase: RunPhase
  name: string
  /** ms since 1970. */
  startedAt: number
  endedAt?: number
  plan: Plan
  error?: RunError
  /** Ids of `table` nodes, whose rows can be read. */
  tables: string[]
}

// ---------------------------------------------------------------- requests

/** User code found in a flow. */
export interface CodeSnippet {
  node: string
  field: string
  source: string
}

/** Every request: what each is for stands in requests.ts, its reply in `Replies`. */
export type RequestName = keyof typeof requests
export type Params<Name extends RequestName> = z.input<(typeof requests)[Name]>

export interface FieldInfo {
  name: string
  /** TypeScript type, e.g. "number", "string | null", "{ a: number }[]". */
  type: string
}

export interface Replies {
  hello: {
    protocol: number
    version: string
    descriptors: NodeDescriptor[]
    run: RunState | null
    /** True where listFolder, readDocument and writeDocument work. */
    files: boolean
    /** Folder that file dialogs start in, absolute. */
    root: string
    /** What a run takes where its flow does not say. */
    usual: { workers: number; memoryMb: number }
    /** Flow that the session was opened with, if any. */
    open: { path: string; text: string; mtimeMs: number } | null
  }
  /** `flow` is null where the text is no flow at all. `foreign` lists code that would need consent. */
  parse: { flow: Flow | null; problems: Problem[]; foreign: CodeSnippet[] }
  check: { problems: Problem[] }
  format: { text: string }
  start:
    | { ok: true; run: RunState }
    | { ok: false; why: 'problems'; problems: Problem[] }
    | { ok: false; why: 'consent'; code: CodeSnippet[] }
  trust: { trusted: number }
  stop: { phase: RunPhase; tookMs: number; forced: boolean }
  ack: Record<string, never>
  /**
   * The last records of the edge; `first`: the first ones, because they are all that was made. They are previews: values
   * JSON cannot hold become text, long ones are cut and `truncated` is true.
   */
  tap: {
    records: unknown[]
    total: number
    /** The total is an estimate, to be shown as one. */
    about?: true
    truncated: boolean
    fields: FieldInfo[]
    first?: true
  }
  /**
   * `total` rows arrived and `stored` of them can be read: the first `head` (up to the table's limit), then the newest.
   */
  rows: { rows: unknown[]; offset: number; head: number; stored: number; total: number; fields: FieldInfo[] }
  sample:
    | { ok: true; records: unknown[]; fields: FieldInfo[] }
    | { ok: false; why: 'consent' | 'problems' | 'failed'; message: string }
  sniff:
    | {
        ok: true
        node: { type: string; config: Record<string, unknown> }
        /** A processor to put behind it, e.g. parse as access-log for log lines. */
        next?: { type: string; config: Record<string, unknown> }
        title: string
        sizeBytes: number
        preview: unknown[]
        fields: FieldInfo[]
      }
    | { ok: false; message: string; remedy: string }
  listFolder: {
    path: string
    parent: string | null
    entries: { name: string; path: string; folder: boolean; sizeBytes: number; mtimeMs: number }[]
  }
  readDocument: { path: string; text: string; mtimeMs: number }
  writeDocument: { path: string; mtimeMs: number }
}

/** What the engine tells without being asked. */
export interface Events {
  frame: Frame
  run: RunState
  log: { runId: string; lines: LogLine[] }
}

export interface LogLine {
  /** ms since 1970. */
  time: number
  level: 'info' | 'warning' | 'error' | 'output'
  node?: string
  text: string
}

/** Failures of a request, as they cross the wire (class identity does not survive). */
export interface WireError {
  code: 'bad-request' | 'not-found' | 'busy' | 'refused' | 'changed-on-disk' | 'failed'
  message: string
  remedy?: string
}

export { flowSchema }
