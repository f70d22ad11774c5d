/** Whether records arrive in another thread as they were: plain data do; functions do not, and objects lose their class. */
import { NodeError } from '../spec/node-error.ts'
import type { Batch } from '../spec/node.ts'
import { NodeFailure } from './failure.ts'

/** Objects of these come out of a structured clone as they went in. */
const PLAIN = new Set<unknown>([null, Object.prototype])
for (const kind of [Array, Date, Map, Set, RegExp, ArrayBuffer, DataView, Boolean, Number, String])
  PLAIN.add(kind.prototype)
/** A Buffer of Node would arrive as plain bytes. */
for (const kind of [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
])
  PLAIN.add(kind.prototype)
for (const kind of [Float32Array, Float64Array, BigInt64Array, BigUint64Array]) PLAIN.add(kind.prototype)
/** What holds itself ends here; a clone holds itself, too. */
const DEEPEST = 64

/** @throws NodeFailure in the name of the node that sends them, where a record would arrive as something else */
export function refuseToSend(node: string, batch: Batch): void {
  for (const record of batch) {
    const odd = oddIn(record, 0)
    if (odd !== undefined) throw new NodeFailure(node, cannotTravel(odd))
  }
}

function cannotTravel(odd: string): NodeError {
  return new NodeError(`A record cannot be sent from thread to thread: it holds ${odd}.`, {
    remedy: 'Put plain values into the record, or run the flow with one worker.',
  })
}

/** What is no plain data, in a few words. */
function oddIn(value: unknown, depth: number): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return undefined
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null
  if (prototype === Object.prototype) {
    const fields = value as Record<string, unknown>
    for (const name in fields) {
      const field = fields[name]
      // Most are, and a call for each would cost more than the look.
      if (typeof field === 'string' || typeof field === 'number') continue
      const odd = oddIn(field, depth + 1)
      if (odd !== undefined) return odd
    }
    return undefined
  }
  if (!PLAIN.has(prototype))
    return `an object of the class ${prototype?.constructor?.name ?? 'without a name'}`
  const inner = value instanceof Map ? [...value.keys(), ...value.values()] : value
  for (const one of inner instanceof Set || Array.isArray(inner) ? inner : []) {
    const odd = oddIn(one, depth + 1)
    if (odd !== undefined) return odd
  }
  return undefined
}
