/** User code: JavaScript expressions and scripts, checked with acorn (for positions), compiled once. */
import { parse, parseExpressionAt, tokenizer } from 'acorn'

/** A mistake in user code. Line and column count from 1, in the text that the user wrote. */
export class CodeError extends Error {
  override readonly name = 'CodeError'
  readonly line: number
  readonly column: number
  constructor(message: string, line: number, column: number) {
    super(message)
    this.line = line
    this.column = column
  }
}

const ECMA = 2024

/** Finds the syntax mistake in an expression, or nothing. Async functions' `await` is refused: expressions answer at once. */
export function checkExpression(source: string): CodeError | undefined {
  if (source.trim() === '') return new CodeError('the expression is empty', 1, 1)
  try {
    // With brackets kept as nodes, `tree.end` lies behind a closing bracket and not before it.
    const tree = parseExpressionAt(source, 0, { ecmaVersion: ECMA, preserveParens: true })
    // parseExpressionAt stops where the expression ends; whatever follows (but comments) is a mistake.
    const rest = tokenizer(source.slice(tree.end), { ecmaVersion: ECMA }).getToken()
    if (rest.type.label !== 'eof') {
      const at = positionAt(source, tree.end + rest.start)
      return new CodeError('one expression is expected, and more follows here', at.line, at.column)
    }
    return strictMistake(`(${source}\n)`)
  } catch (error) {
    return codeError(error)
  }
}

/** Finds the syntax mistake in the body of a function, or nothing. `return` is allowed. */
export function checkScript(source: string): CodeError | undefined {
  try {
    parse(source, { ecmaVersion: ECMA, allowReturnOutsideFunction: true })
    return strictMistake(source)
  } catch (error) {
    return codeError(error)
  }
}

/**
 * Compiles an expression over named parameters, `record` first.
 * @throws CodeError with its position
 */
export function compileExpression<Value = unknown>(
  source: string,
  parameters: readonly string[] = ['record'],
): (...values: unknown[]) => Value {
  const mistake = checkExpression(source)
  if (mistake) throw mistake
  // The line break keeps a trailing comment from swallowing the bracket.
  return new Function(...parameters, `"use strict"; return (${source}\n)`) as (...values: unknown[]) => Value
}

/** Whether a stack of this thread can name a line of a script: writing a stack out costs as much as the failure itself. */
let hasScripts = false

/** Lines that V8 puts before a function body made with `new Function(…)`. */
const FUNCTION_HEADER_LINES = 2

/**
 * Compiles a function body over named parameters. Errors thrown inside carry the line of the script: see `scriptLine`.
 * @throws CodeError with its position
 */
export function compileScript<Value = unknown>(
  source: string,
  parameters: readonly string[] = ['record'],
): (...values: unknown[]) => Value {
  const mistake = checkScript(source)
  if (mistake) throw mistake
  hasScripts = true
  return new Function(...parameters, `"use strict";${source}\n//# sourceURL=weir-script`) as (
    ...values: unknown[]
  ) => Value
}

/** The 1-based line of the script in which an error was thrown, read from its stack. */
export function scriptLine(error: unknown): number | undefined {
  const stack = hasScripts && error instanceof Error ? error.stack : undefined
  const found = stack?.match(/weir-script:(\d+):\d+/)
  return found ? Number(found[1]) - FUNCTION_HEADER_LINES : undefined
}

/** The text of anything thrown. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message || error.name
  return String(error)
}

/** User code runs in strict mode, which refuses a few more things (`with`, 010, assignments to undeclared names it cannot see). */
function strictMistake(body: string): CodeError | undefined {
  try {
    return void new Function(`"use strict";${body}`)
  } catch (error) {
    return new CodeError(reasonOf(error), 1, 1)
  }
}

function codeError(error: unknown): CodeError {
  const { message, loc } = error as Error & { loc?: { line: number; column: number } }
  return new CodeError(message.replace(/ \(\d+:\d+\)$/, ''), loc?.line ?? 1, (loc?.column ?? 0) + 1)
}

function positionAt(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
