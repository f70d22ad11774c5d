/** What code of a flow may do to its thread beside failing: errors that nothing catches, and ending it. */
import { reasonOf } from '../spec/expression.ts'

/** What V8 writes into a stack for code that was compiled from text. */
const COMPILED = /\beval at |\bweir-script:/

/**
 * Tells of errors that nothing catches. The thread lives on until the host has ended it: one that dies with a call of
 * DuckDB pending takes the whole process with it.
 */
export function tellUncaught(tell: (reason: string, byCode: boolean) => void): void {
  process.on('uncaughtException', (error: unknown) => {
    // Whatever else is thrown, the engine throws errors.
    const byCode = !(error instanceof Error) || COMPILED.test(error.stack ?? '')
    tell(reasonOf(error), byCode)
  })
}

/** Makes `process.exit` fail the record whose code calls it, as Node does with `process.abort` in such threads. */
export function refuseExit(): void {
  process.exit = () => {
    throw new Error('process.exit() is not supported in a flow')
  }
}
