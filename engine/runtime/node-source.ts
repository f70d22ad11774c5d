/** The text of a node's `eachSource`, asked for once: its values may hold state, and more than one loop is made of it. */
import type { EachSource } from '../spec/each-source.ts'
import type { AnyNodeType, Setup } from '../spec/node.ts'

/** A text that no part of a body can hold: user code has no `weir_`, and texts in quotes have no control characters. */
const MARK = '\u0001weir_emit'
const END = '\u0001'

export interface NodeSource {
  /** What the text uses, by names that begin with `weir_`. */
  values: Readonly<Record<string, unknown>>
  /** True where no code of users is called, so that it comes back in any case. */
  returns: boolean
  /** How many times each output is written in the text. */
  emits: readonly number[]
  /** The text, with a statement for each place where a value is sent to an output. */
  write(emit: (output: number, value: string) => string): string
}

/** @param outputs names of the outputs; they are known by their index from here on */
export function nodeSource(
  source: NonNullable<AnyNodeType['eachSource']>,
  setup: Setup<Record<string, unknown>>,
  outputs: readonly string[],
): NodeSource {
  const sent: { output: number; value: string }[] = []
  const made: EachSource = source(setup, (port, value) => {
    sent.push({ output: outputs.indexOf(port), value })
    return `${MARK}${sent.length - 1}${END}`
  })
  const [start = '', ...pieces] = made.body.split(MARK)
  return {
    values: made.values ?? {},
    returns: made.returns ?? false,
    emits: outputs.map((_, output) => sent.filter((place) => place.output === output).length),
    write: (emit) =>
      start +
      pieces
        .map((piece) => {
          const end = piece.indexOf(END)
          const { output, value } = sent[Number(piece.slice(0, end))]!
          return emit(output, value) + piece.slice(end + END.length)
        })
        .join(''),
  }
}
