/** What is wrong with one node by itself: its type, its settings, the code in them. */
import { codeFields } from '../spec/descriptor.ts'
import { checkExpression, checkScript } from '../spec/expression.ts'
import type { AnyNodeType } from '../spec/node.ts'
import { descriptorOf } from '../spec/registry.ts'
import type { Registry } from '../spec/registry.ts'
import { titleAt, unknownKeys } from '../spec/schema-paths.ts'
import { plainIssues } from './issue-text.ts'
import { MAX_DEPTH } from './json-scan.ts'
import type { FlowNode } from './model.ts'
import { problem, quote } from './problem-text.ts'
import type { Problem } from './problem.ts'
import { secretPaths } from './secrets.ts'
import { nearest } from './suggest.ts'

/** Problems of a node whose settings are of its type's version or newer. */
export function checkNode(id: string, node: FlowNode, registry: Registry): Problem[] {
  const type = registry.get(node.type)
  if (!type) {
    const suggestion = nearest(node.type, registry.keys())
    return [problem('unknown-type', { node: id }, { type: node.type, nearest: suggestion })]
  }
  const found = node.version ?? 1
  if (found > type.version) {
    return [problem('newer-node', { node: id }, { type: node.type, found, known: type.version })]
  }
  const config = node.config ?? {}
  if (deeperThan(config, MAX_DEPTH)) {
    const what = `The settings are nested more than ${MAX_DEPTH} levels deep`
    return [problem('bad-config', { node: id }, { what, remedy: 'Keep such data in a file of its own.' })]
  }
  return checkConfig(id, type, config)
}

function checkConfig(id: string, type: AnyNodeType, config: Record<string, unknown>): Problem[] {
  const schema = descriptorOf(type).config
  const parsed = type.config.safeParse(config)
  const title = (path: readonly string[]) => titleAt(schema, config, path)
  const problems: Problem[] = []
  const faulty = new Set<string>()
  const bad = (path: readonly string[], what: string) => {
    const field = path.join('.')
    faulty.add(field)
    problems.push(problem('bad-config', { node: id, ...(field !== '' && { field }) }, { what }))
  }
  if (!parsed.success) {
    for (const { path, text } of plainIssues(parsed.error.issues, config)) {
      bad(
        path,
        path.length === 0 ? `What ${quote(type.type)} is set to ${text}` : `${quote(title(path))} ${text}`,
      )
    }
  } else {
    for (const [field, message] of Object.entries(type.check?.(parsed.data) ?? {}))
      bad(field.split('.'), message)
  }
  for (const { path, kind, source } of codeFields(schema, parsed.success ? parsed.data : config)) {
    const mistake = kind === 'expression' ? checkExpression(source) : checkScript(source)
    if (!mistake || faulty.has(path)) continue
    const at = { node: id, field: path, line: mistake.line, column: mistake.column }
    problems.push(
      problem('bad-expression', at, { title: title(path.split('.')), what: mistake.message, kind }),
    )
  }
  for (const { path, known } of unknownKeys(schema, config)) {
    if (faulty.has(path)) continue
    const suggestion = nearest(path.split('.').at(-1)!, known)
    const facts = { key: path, type: type.type, nearest: suggestion }
    problems.push(problem('unknown-config-key', { node: id, field: path }, facts))
  }
  for (const field of secretPaths(config)) {
    problems.push(problem('secret-in-file', { node: id, field }, { title: title(field.split('.')) }))
  }
  return problems
}

/** Checked without recursion, because a flow that came over the wire may be nested without end. */
function deeperThan(value: unknown, limit: number): boolean {
  const waiting: { value: unknown; depth: number }[] = [{ value, depth: 1 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue
    if (next.depth > limit) return true
    for (const child of Object.values(next.value)) waiting.push({ value: child, depth: next.depth + 1 })
  }
  return false
}
