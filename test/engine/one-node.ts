/** Runs one node type through the real runtime, between sources and collectors made for the test, in virtual time. */
import { z } from 'zod'
import type { Flow, FlowEdge } from '../../engine/flow/model.ts'
import { virtualClock, type VirtualClock } from '../../engine/runtime/clock.ts'
import { Run, type Outcome } from '../../engine/runtime/run.ts'
import {
  defineConsumer,
  defineGenerator,
  type AnyNodeType,
  type Batch,
  type DataRecord,
  type NodeIo,
  type RunContext,
} from '../../engine/spec/node.ts'
import { createRegistry } from '../../engine/spec/registry.ts'
import { testIo } from './run-flow.ts'

export interface OneNodeOptions {
  config?: Record<string, unknown>
  /** Batches by input port. Ports left out get none; every input port is wired. */
  input?: Record<string, Iterable<Batch>>
  io?: NodeIo
  clock?: VirtualClock
  /** Bound of the edges into and out of the node; absent runs it in one loop with its neighbours. */
  capacity?: number
  /** Pause of the source between two batches, in virtual milliseconds. */
  pauseMs?: number
  /** Awaited by the collectors before each batch. */
  gate?: () => void | Promise<void>
}

export interface OneNode {
  run: Run
  clock: VirtualClock
  /** What has arrived so far by output port; only ports that gave something. */
  out: Record<string, DataRecord[]>
}

const NO_CONFIG = () => z.object({})
const LOOK = { icon: 'circle', face: '' }

/** Starts it; the id of the node is its type. */
export function startOneNode(type: AnyNodeType, options: OneNodeOptions = {}): OneNode {
  const {
    config = {},
    input = {},
    io = testIo(),
    clock = virtualClock(),
    capacity,
    pauseMs = 0,
    gate,
  } = options
  const id = type.type
  const out: Record<string, DataRecord[]> = {}
  const types = new Map<string, AnyNodeType>([[type.type, type]])
  const flow: Flow = { weir: 1, name: id, nodes: { [id]: { type: id, config } }, edges: [], layout: {} }
  const bound: Pick<FlowEdge, 'capacity'> = capacity === undefined ? {} : { capacity: { records: capacity } }

  for (const port of Object.keys(type.ports.in)) {
    const name = `from-test-${port}`
    types.set(name, sourceOf(name, input[port] ?? [], pauseMs))
    flow.nodes[name] = { type: name }
    flow.edges.push({ from: `${name}.out`, to: `${id}.${port}`, ...bound })
  }
  for (const port of Object.keys(type.ports.out)) {
    const name = `to-test-${port}`
    const collect = (batch: Batch) => void (out[port] ??= []).push(...batch)
    types.set(name, collectorOf(name, collect, gate))
    flow.nodes[name] = { type: name }
    flow.edges.push({ from: `${id}.${port}`, to: `${name}.in`, ...bound })
  }
  const run = new Run({ flow, registry: createRegistry(types.values()), io, clock })
  return { run, clock, out }
}

/** Runs it to its end. */
export async function runOneNode(
  type: AnyNodeType,
  options: OneNodeOptions = {},
): Promise<OneNode & { outcome: Outcome }> {
  const started = startOneNode(type, options)
  const outcome = await started.clock.runUntil(started.run.ended)
  return { ...started, outcome }
}

function sourceOf(name: string, batches: Iterable<Batch>, pauseMs: number): AnyNodeType {
  return defineGenerator({
    type: name,
    title: name,
    summary: 'Sends the batches of a test.',
    docs: '',
    config: NO_CONFIG,
    look: LOOK,
    laws: {},
    examples: [],
    async run({ output, clock, signal }: RunContext<object>) {
      for (const batch of batches) {
        const room = output['out']!.send(batch)
        if (room) await room
        if (pauseMs > 0) await clock.sleep(pauseMs, signal)
      }
    },
  })
}

function collectorOf(
  name: string,
  collect: (batch: Batch) => void,
  gate: OneNodeOptions['gate'],
): AnyNodeType {
  return defineConsumer({
    type: name,
    title: name,
    summary: 'Collects what comes for a test.',
    docs: '',
    config: NO_CONFIG,
    look: LOOK,
    laws: {},
    examples: [],
    async run({ input }: RunContext<object>) {
      for await (const batch of input['in']!) {
        const opened = gate?.()
        if (opened) await opened
        collect(batch)
      }
    },
  })
}

/** Lets everything run that can run without time passing. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
}
