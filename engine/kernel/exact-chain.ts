/**
 * The way that one line takes in the row tier: the nodes' own functions, for lines that the kernels leave to them,
 * for records that fail, and for those that people look at on the wires.
 */
import type { RowReason } from '../formats/csv-row-assembler.ts'
import { codeFields } from '../spec/descriptor.ts'
import { reasonOf } from '../spec/expression.ts'
import { NodeError } from '../spec/node-error.ts'
import type { AnyNodeType, DataRecord, Emit, Setup } from '../spec/node.ts'
import { descriptorOf } from '../spec/registry.ts'
import type { KernelFormat } from './formats.ts'

/** What a node refused, and why. */
export interface Refusal {
  /** Of a row of CSV it may need to know how many lines lie before the part. */
  reason: RowReason
  field?: string
  record: DataRecord
}

/** Where the line's way ends: 0 is the file, the last one the group. Without a refusal it was dropped there, or arrived. */
export interface WayEnd {
  step: number
  refusal?: Refusal
  /** What came to `step`; the record to be grouped, where the line arrived. */
  record: DataRecord
  arrived: boolean
}

/** What the file makes of a line: a record, a refusal, or nothing. */
export type LineRead = { record: DataRecord } | { refusal: Refusal } | undefined

type AnySetup = Setup<Record<string, unknown>>
/** Gives the record that the node sends on; undefined in a box where it sends none. */
type Step = (record: DataRecord) => { record: DataRecord } | undefined

export class ExactChain {
  /** Reads rows of CSV, once it is known how their file is written. */
  readRow: ((text: string) => LineRead) | undefined
  readonly #format: KernelFormat
  readonly #steps: Step[]
  readonly #codeFields: (string | undefined)[]
  readonly #check: (record: DataRecord) => void

  /**
   * @param types of the nodes behind the file, the group (or what writes) last, in the order of `setups`
   * @throws whatever a node's behaviour throws for its config
   */
  constructor(format: KernelFormat, types: readonly AnyNodeType[], setups: readonly AnySetup[]) {
    this.#format = format
    const between = types.slice(0, -1)
    this.#steps = between.map((type, i) => stepOf(type, setups[i]!))
    this.#codeFields = types.map((type, i) => {
      const code = codeFields(descriptorOf(type).config, setups[i]!.config)
      return code.length === 1 ? code[0]!.path : undefined
    })
    const fold = types.at(-1)!.fold?.(setups.at(-1)!)
    // Nothing is held: each record is added to a state of its own, to see whether it can be.
    this.#check = (record) => fold?.add(fold.init(), record)
  }

  /**
   * @param seen is called with what leaves each step, the file's being 0
   * @throws NodeError of a node, see `Thrown`
   */
  run(text: string, seen?: (step: number, record: DataRecord) => void): WayEnd {
    const first = this.#read(text)
    if (first === undefined) return { step: 0, record: text, arrived: false }
    if ('refusal' in first) return { step: 0, record: text, refusal: first.refusal, arrived: false }
    return this.goOn(first.record, seen)
  }

  /** The rest of the way, behind the file. @throws as `run` does */
  goOn(source: DataRecord, seen?: (step: number, record: DataRecord) => void): WayEnd {
    let record = source
    seen?.(0, record)
    for (let i = 0; i < this.#steps.length; i++) {
      const step = i + 1
      try {
        const next = this.#steps[i]!(record)
        if (!next) return { step, record, arrived: false }
        seen?.(step, next.record)
        record = next.record
      } catch (error) {
        return { step, record, refusal: this.#refusal(step, record, error), arrived: false }
      }
    }
    return { step: this.#steps.length + 1, record, ...this.#arrive(record) }
  }

  #arrive(record: DataRecord): { arrived: boolean; refusal?: Refusal } {
    try {
      this.#check(record)
      return { arrived: true }
    } catch (error) {
      return { arrived: false, refusal: this.#refusal(this.#steps.length + 1, record, error) }
    }
  }

  #refusal(step: number, record: DataRecord, error: unknown): Refusal {
    if (error instanceof NodeError) throw new Thrown(step, error)
    const named = (error as { field?: unknown } | null)?.field
    const field = typeof named === 'string' ? named : this.#codeFields[step - 1]
    return { reason: reasonOf(error), ...(field !== undefined && { field }), record }
  }

  #read(text: string): LineRead {
    if (this.readRow) return this.readRow(text)
    if (this.#format !== 'ndjson') return { record: text }
    try {
      return { record: JSON.parse(text) as unknown }
    } catch (error) {
      if (text.trim() === '') return undefined
      return { refusal: { reason: `The line is not JSON: ${reasonOf(error)}.`, record: text } }
    }
  }
}

/** A node failed as a whole, not because of one record. */
export class Thrown extends Error {
  readonly step: number
  constructor(step: number, cause: NodeError) {
    super(cause.message, { cause })
    this.step = step
  }
}

function stepOf(type: AnyNodeType, setup: AnySetup): Step {
  const each = type.each!(setup)
  let sent: { record: DataRecord } | undefined
  const send = (record: DataRecord) => {
    sent = { record }
  }
  const drop = () => {}
  const emit: Emit = Object.fromEntries(
    Object.keys(type.ports.out).map((port) => [port, port === 'out' || port === 'kept' ? send : drop]),
  )
  return (record) => {
    sent = undefined
    each(record, emit)
    return sent
  }
}
