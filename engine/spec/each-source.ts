/**
 * An `each` written as source text. The runtime compiles the text into the loop of the node, so that the work on a
 * record costs no call, and the records it makes go straight into the outgoing array. Every name of the loop begins
 * with `weir_`; user code that could see or change such a name, or the function around it, is called instead.
 */
import { compileWith } from './compile-with.ts'
import { checkExpression, compileExpression } from './expression.ts'

/** What handles one record, as text. */
export interface EachSource {
  /**
   * Statements of a block of their own. `record` is the record and may be assigned, by user code too; INPUT is the
   * record as it came. Whatever may throw comes before the first record is emitted: a failed record leaves nothing.
   */
  body: string
  /** Values that the statements use, by name; the names begin with `weir_`. */
  values?: Record<string, unknown>
  /** True where no code of users is called, so that it comes back in any case. */
  returns?: boolean
}

/** Writes the statement that sends the value of an expression to an output. */
export type EmitText = (port: string, value: string) => string

/** Given the setup of the node, writes what it does with a record. */
export type SourceBehaviour<Setup> = (setup: Setup, emit: EmitText) => EachSource

/** The same as a function, as `each` is. */
type Each = (record: unknown, emit: Record<string, (record: unknown) => void>) => void

/** The record as it came, in the text of an `EachSource`. */
export const INPUT = 'weir_input'

/**
 * Code that must stay in a function of its own, because it could tell the difference: it names the function around
 * it, may hide a name in an escape, or uses names of the loop.
 */
const NEEDS_OWN_FUNCTION = /\b(?:arguments|eval|this)\b|\\u|weir_/

/** A call of anything, or what might be one: code without it cannot loop. */
const CALLS = /[\w$\])}'"`]\s*(?:\?\.\s*)?[(`]|\b(?:new|function|class)\b|=>/

/**
 * A user's expression as text over `record`, with the values it needs.
 * @param name begins with `weir_`, and is used once in a source
 * @throws CodeError with the position of a syntax mistake
 */
export function inlineExpression(source: string, name: string): Required<EachSource> {
  const mistake = checkExpression(source)
  if (mistake) throw mistake
  if (NEEDS_OWN_FUNCTION.test(source)) {
    return { body: `${name}(record)`, values: { [name]: compileExpression(source) }, returns: false }
  }
  // The line break keeps a trailing comment from swallowing the bracket.
  return { body: `(${source}\n)`, values: {}, returns: !CALLS.test(source) }
}

/** The same behaviour as a function, for who has a record and no loop. */
export function eachFromSource<Setup>(behaviour: SourceBehaviour<Setup>): (setup: Setup) => Each {
  return (setup) => {
    const source = behaviour(setup, (port, value) => `weir_emit[${JSON.stringify(port)}](${value});`)
    return compileWith<Each>(
      `return (${INPUT}, weir_emit) => { let record = ${INPUT}; ${source.body} }`,
      source.values ?? {},
    )
  }
}
