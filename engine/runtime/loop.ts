/**
 * The compiled loops of direct nodes. Every node gets functions of its own: one shared loop would call a different
 * function for each node, and V8 would inline none of them. Outgoing arrays have their room from the start and are
 * cut to what was made: half as dear as arrays that grow.
 */
import { compileWith } from '../spec/compile-with.ts'
import { INPUT } from '../spec/each-source.ts'
import type { AnyNodeType, Batch, DataRecord, Fold } from '../spec/node.ts'
import { STOP_CELL } from './meter.ts'
import type { NodeSource } from './node-source.ts'

/** An output as its loop sees it. Where nobody reads it, records are counted and not collected. */
export interface LoopOutput {
  name: string
  wired: boolean
  /** What the last batch made; empty without a wire. */
  records: DataRecord[]
  /** How many that were. */
  count: number
}

/** Runs over a batch; returns how many records were looked at. */
export type Loop = (batch: Batch) => number

/** Takes what a record threw, with its index in the batch. What it throws itself ends the loop. */
export type Failed = (error: unknown, record: DataRecord, index: number) => void

export interface LoopParts {
  outputs: readonly LoopOutput[]
  /** Set to false by `enough`. */
  want: { more: boolean }
  failed: Failed
  /** The cells of the thread on its page of meters: code of users is called no more once a stop is asked for there. */
  thread: Float64Array
}

/** Whether a loop goes on, as text. */
export const UNSTOPPED = `weir_thread[${STOP_CELL}] === 0`

/** The loop of a node with `fold`. */
export function compileFold(fold: Fold<unknown>, state: unknown, failed: Failed): Loop {
  return compileWith<Loop>(
    `return (weir_batch) => {
      const weir_length = weir_batch.length
      for (let weir_i = 0; weir_i < weir_length; weir_i++) {
        try { weir_fold.add(weir_state, weir_batch[weir_i]) }
        catch (weir_error) { weir_failed(weir_error, weir_batch[weir_i], weir_i) }
      }
      return weir_length
    }`,
    { weir_fold: fold, weir_state: state, weir_failed: failed },
  )
}

/** The loop of a node with `eachSource`: its code stands in it. */
export function compileInline(
  source: NodeSource,
  { outputs, failed, thread }: Omit<LoopParts, 'want'>,
): Loop {
  const body = source.write((at, value) => {
    // Counted behind the value: one that throws leaves no gap.
    const put = outputs[at]!.wired ? `weir_out${at}[weir_n${at}] = ${value}` : `void (${value})`
    return `${put}; weir_n${at}++;`
  })
  const each = (text: (at: number) => string, of = outputs) =>
    of.map((output) => text(outputs.indexOf(output))).join('\n')
  const wired = outputs.filter((output) => output.wired)
  const goesOn = source.returns ? '' : ` && ${UNSTOPPED}`
  return compileWith<Loop>(
    `return (weir_batch) => {
      const weir_length = weir_batch.length
      ${each((at) => `const weir_out${at} = new Array(weir_length);`, wired)}
      ${each((at) => `let weir_n${at} = 0;`)}
      let weir_i = 0
      for (; weir_i < weir_length${goesOn}; weir_i++) {
        const ${INPUT} = weir_batch[weir_i]
        try { let record = ${INPUT}; ${body} }
        catch (weir_error) { weir_failed(weir_error, ${INPUT}, weir_i) }
      }
      ${each((at) => `weir_out${at}.length = weir_n${at}; weir_outputs[${at}].records = weir_out${at};`, wired)}
      ${each((at) => `weir_outputs[${at}].count = weir_n${at};`)}
      return weir_i
    }`,
    { ...source.values, weir_outputs: outputs, weir_failed: failed, weir_thread: thread },
  )
}

/** The loop of a node with `each` as a function. */
export function compileCalls(
  each: ReturnType<NonNullable<AnyNodeType['each']>>,
  { outputs, want, failed, thread }: LoopParts,
): Loop {
  const all = (text: (at: number, output: LoopOutput) => string) =>
    outputs.map((output, at) => text(at, output)).join('\n')
  return compileWith<Loop>(
    `${all((at) => `let weir_out${at} = [], weir_n${at} = 0;`)}
    const weir_emit = {
      ${all((at, { name, wired }) => {
        const put = wired ? `weir_out${at}[weir_n${at}] = record;` : ''
        return `${JSON.stringify(name)}: (record) => { ${put} weir_n${at}++ },`
      })}
    }
    return (weir_batch) => {
      const weir_length = weir_batch.length
      // What was emitted between two batches leaves with the second.
      ${all((at, { wired }) => (wired ? `if (weir_n${at} === 0) weir_out${at} = new Array(weir_length);` : ''))}
      let weir_i = 0
      for (; weir_i < weir_length && weir_want.more && ${UNSTOPPED}; weir_i++) {
        try { weir_each(weir_batch[weir_i], weir_emit) }
        catch (weir_error) { weir_failed(weir_error, weir_batch[weir_i], weir_i) }
      }
      ${all((at, { wired }) => (wired ? `weir_out${at}.length = weir_n${at}; weir_outputs[${at}].records = weir_out${at}; weir_out${at} = [];` : ''))}
      ${all((at) => `weir_outputs[${at}].count = weir_n${at}; weir_n${at} = 0;`)}
      return weir_i
    }`,
    { weir_each: each, weir_want: want, weir_outputs: outputs, weir_failed: failed, weir_thread: thread },
  )
}
