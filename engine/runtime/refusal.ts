/** What people are told about a record that a node's code did not take. */
import { codeFields } from '../spec/descriptor.ts'
import { reasonOf, scriptLine } from '../spec/expression.ts'
import type { AnyNodeType } from '../spec/node.ts'
import { descriptorOf } from '../spec/registry.ts'

/** The config field that holds a node's code, where there is one such field: errors in it belong there. */
export function onlyCodeField(type: AnyNodeType, config: Record<string, unknown>): string | undefined {
  const code = codeFields(descriptorOf(type).config, config)
  return code.length === 1 ? code[0]!.path : undefined
}

/** The reason, and the field at fault: the one that the error names, else the only one there is. */
export function reasonFor(error: unknown, codeField: string | undefined): { reason: string; field?: string } {
  const line = scriptLine(error)
  const named = (error as { field?: unknown } | null)?.field
  const field = typeof named === 'string' ? named : codeField
  const reason = line === undefined ? reasonOf(error) : `${reasonOf(error)} (line ${line} of the script)`
  return field === undefined ? { reason } : { reason, field }
}
