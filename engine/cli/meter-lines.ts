/** `--meters`: each frame as one line of JSON on standard error, with names instead of columns. */
import { EDGE_METERS, edgeMeter, FRAME_RATE, NODE_METERS, nodeMeter, nodeState } from '../host/protocol.ts'
import type { Frame, Plan } from '../host/protocol.ts'
import type { ProgressDisplay, ProgressSource } from './progress-display.ts'

/** Frames are left out while this much waits for a slow reader; totals make up for them. */
const MAX_WAITING_BYTES = 1024 * 1024

/** A frame as plain data: `{ elapsedMs, memory, nodes: { id: { state, in, … } }, edges: { id: { records, … } } }`. */
export function namedFrame(plan: Plan, frame: Frame) {
  return {
    elapsedMs: frame.elapsedMs,
    memory: frame.memory,
    nodes: Object.fromEntries(
      plan.nodes.map(({ id }, index) => [
        id,
        {
          ...Object.fromEntries(NODE_METERS.map((meter) => [meter, nodeMeter(frame, index, meter)])),
          state: nodeState(frame, index),
        },
      ]),
    ),
    edges: Object.fromEntries(
      plan.edges.map(({ id }, index) => [
        id,
        Object.fromEntries(EDGE_METERS.map((meter) => [meter, edgeMeter(frame, index, meter)])),
      ]),
    ),
  }
}

/** Writes ten frames a second until `end`, and the final one then. */
export function writeMeters({ plan, frame }: ProgressSource, stream: NodeJS.WriteStream): ProgressDisplay {
  const write = () => stream.write(`${JSON.stringify(namedFrame(plan, frame()))}\n`)
  const timer = setInterval(() => stream.writableLength < MAX_WAITING_BYTES && write(), 1000 / FRAME_RATE)
  return {
    clear() {},
    end() {
      clearInterval(timer)
      write()
    },
  }
}
