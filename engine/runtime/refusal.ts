/** What people are told about a record that a node's code did not take. */
import { codeFields } from '../spec/descriptor.ts'
import { reasonOf, scriptLine } from '../spec/expression.ts'
import type { AnyNodeType, DataRecord } from '../spec/node.ts'
import { isFields } from '../spec/record-fields.ts'
import { descriptorOf } from '../spec/registry.ts'

/** The config field that holds a node's code, where there is one such field: errors in it belong there. */
export function onlyCodeField(type: AnyNodeType, config: Record<string, unknown>): string | undefined {
  const code = codeFields(descriptorOf(type).config, config)
  return code.length === 1 ? code[0]!.path : undefined
}

/** The reason, and the field at fault: the one that the error names, else the only one there is. */
export function reasonFor(
  error: unknown,
  codeField: string | undefined,
  record?: DataRecord,
): { reason: string; field?: string } {
  const line = scriptLine(error)
  const named = (error as { field?: unknown } | null)?.field
  const field = typeof named === 'string' ? named : codeField
  const text = `${reasonOf(error)}${hintFor(error, record)}`
  const reason = line === undefined ? text : `${text} (line ${line} of the script)`
  return field === undefined ? { reason } : { reason, field }
}

/** Whoever knows SQL writes `status` for the field; in JavaScript that is a variable that nobody has declared. */
function hintFor(error: unknown, record: DataRecord | undefined): string {
  const thrown = error instanceof ReferenceError ? error : (error as { cause?: unknown } | null)?.cause
  if (!(thrown instanceof ReferenceError) || !isFields(record)) return ''
  const name = /^([\w$]+) is not defined$/.exec(thrown.message)?.[1]
  return name !== undefined && Object.hasOwn(record, name) ? `; the field is record.${name}` : ''
}
