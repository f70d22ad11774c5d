/**
 * The loop over several nodes, as text: each record goes through all of them before the next one, without arrays in
 * between. Each node keeps a `try` of its own, and each of its outputs a counter, so that what fails and what is
 * counted is what it would be in loops of their own.
 */
import { compileWith } from '../spec/compile-with.ts'
import { INPUT } from '../spec/each-source.ts'
import type { Batch, DataRecord } from '../spec/node.ts'
import { NodeFailure } from './failure.ts'
import { UNSTOPPED } from './loop.ts'
import type { Fusible, Member, MemberOutput } from './fused-members.ts'

export interface FusedLoop {
  /** Returns how many records it took: not all where a stop came in between. */
  run(batch: Batch): number
  /** Records by counter, since somebody set them to 0. */
  counts: Float64Array
  /** What the last batch made for the exits of each output, by its counter. */
  made: DataRecord[][]
  /** Set where a record of the last batch failed; who reads it sets it back. */
  failed: { any: boolean }
}

export function compileFused(members: readonly Member[], counters: number): FusedLoop {
  const counts = new Float64Array(counters)
  const made: DataRecord[][] = []
  const failed = { any: false }
  const values: Record<string, unknown> = {
    weir_f_counts: counts,
    weir_f_made: made,
    weir_thread: members[0]!.node.meters.mark.cells,
  }
  for (const member of members) Object.assign(values, valuesOf(member, counts, failed))

  const outputs = members.flatMap((member) => member.outputs.map((output) => ({ ...output, member })))
  const ours = (outer: boolean) => ({
    counters: [
      ...members.filter((member) => member.joined && outer).map(({ input }) => input),
      ...outputs.filter(({ member }) => member.outer === outer).map(({ counter }) => counter),
    ],
    arrays: outputs.filter(({ member, exits }) => member.outer === outer && exits.length > 0),
  })
  const within = ours(false)
  const around = ours(true)
  const goesOn = members.every(({ node }) => node.source?.returns ?? true) ? '' : ` && ${UNSTOPPED}`
  const room = ({ sparse }: MemberOutput<Fusible>) => (sparse ? '[]' : 'new Array(weir_f_length)')
  const run = compileWith<FusedLoop['run']>(
    `${around.counters.map((at) => `let weir_f_n${at} = 0;`).join('')}
    ${around.arrays.map(({ counter }) => `let weir_f_out${counter} = [];`).join('')}
    ${members
      .filter(({ joined }) => joined)
      .map(functionText)
      .join('\n')}
    return (weir_f_batch) => {
      const weir_f_length = weir_f_batch.length
      ${within.counters.map((at) => `let weir_f_n${at} = 0;`).join('')}
      ${within.arrays.map((output) => `const weir_f_out${output.counter} = ${room(output)};`).join('')}
      ${around.arrays.map((output) => `weir_f_out${output.counter} = ${room(output)};`).join('')}
      let weir_f_i = 0
      for (; weir_f_i < weir_f_length${goesOn}; weir_f_i++) {
        const weir_f_x0 = weir_f_batch[weir_f_i]
        ${memberText(members[0]!, 'weir_f_x0', 'weir_f_i + 1')}
      }
      ${[...within.arrays, ...around.arrays].map(({ counter }) => `weir_f_out${counter}.length = weir_f_n${counter}; weir_f_made[${counter}] = weir_f_out${counter};`).join('\n')}
      weir_f_counts[0] += weir_f_i
      ${[...within.counters, ...around.counters].map((at) => `weir_f_counts[${at}] += weir_f_n${at};`).join('')}
      ${around.counters.map((at) => `weir_f_n${at} = 0;`).join('')}
      ${around.arrays.map(({ counter }) => `weir_f_out${counter} = [];`).join('')}
      return weir_f_i
    }`,
    values,
  )
  return { run, counts, made, failed }
}

/** What the text of a member uses, by names of its own. */
function valuesOf(
  { node, at, input }: Member,
  counts: Float64Array,
  failed: { any: boolean },
): Record<string, unknown> {
  const values: Record<string, unknown> = {
    [`weir_f_fail${at}`]: (error: unknown, record: DataRecord, nth: number) => {
      // A node behind this one has ended the run.
      if (error instanceof NodeFailure) throw error
      failed.any = true
      node.refuse(error, record, node.seen + counts[input]! + nth)
    },
  }
  Object.values(node.source?.values ?? {}).forEach((value, index) => {
    values[`weir_f_v${at}_${index}`] = value
  })
  if (node.folding) {
    values[`weir_f_fold${at}`] = node.folding.fold
    values[`weir_f_state${at}`] = node.folding.state
  }
  return values
}

/** The function of a member that several others feed. */
function functionText(member: Member): string {
  const counter = `weir_f_n${member.input}`
  return `const weir_f_join${member.at} = (weir_f_x) => { ${counter}++; ${memberText(member, 'weir_f_x', counter)} }`
}

/**
 * The block that a member is.
 * @param input the variable that holds its record
 * @param nth how many records of the batch have come in, this one included
 */
function memberText(member: Member, input: string, nth: string): string {
  const { node, at, outputs } = member
  const caught = (record: string) => `catch (weir_error) { weir_f_fail${at}(weir_error, ${record}, ${nth}) }`
  if (!node.source) return `try { weir_f_fold${at}.add(weir_f_state${at}, ${input}) } ${caught(input)}`
  // Its own names stand for its own values; those of a block around it are out of sight.
  const names = Object.keys(node.source.values)
  const values = names.map((name, index) => `const ${name} = weir_f_v${at}_${index};`).join('')
  const body = node.source.write((output, value) => emitText(outputs[output]!, value))
  // Written where it may be of use: a number that is stored for each record is not free.
  const { cell, value } = node.meters.mark
  const mark = node.source.returns ? '' : `weir_thread[${cell}] = ${value};`
  return `{ ${values} const ${INPUT} = ${input}; ${mark} try { let record = ${INPUT}; ${body} } ${caught(INPUT)} }`
}

function emitText({ counter, into, exits }: MemberOutput<Fusible>, value: string): string {
  const count = `weir_f_n${counter}`
  // Counted behind the value: one that throws is not sent.
  if (into.length === 0 && exits.length === 0) return `void (${value}); ${count}++;`
  const record = `weir_f_x${counter}`
  const put = exits.length > 0 ? `weir_f_out${counter}[${count} - 1] = ${record};` : ''
  const members = into.map((member) =>
    member.joined ? `weir_f_join${member.at}(${record});` : memberText(member, record, count),
  )
  return `{ const ${record} = ${value}; ${count}++; ${put} ${members.join('\n')} }`
}
