/** From the text of a file to a flow, or to problems that say what is wrong and where. Never throws. */
import { isObject } from '../spec/schema-paths.ts'
import { checkText, MAX_PROBLEMS, withoutReserved } from './check-text.ts'
import { plainIssues } from './issue-text.ts'
import { locate } from './json-scan.ts'
import { migrateDocument } from './migrate.ts'
import type { RawDocument } from './migrate.ts'
import { FLOW_VERSION, flowSchema, MAX_FLOW_BYTES } from './model.ts'
import type { Flow } from './model.ts'
import { badNodeId, isNodeId } from './node-id.ts'
import { problem, quote } from './problem-text.ts'
import { hasErrors } from './problem.ts'
import type { Place, Problem } from './problem.ts'
import { strayLayout, unknownFlowKeys } from './stray-keys.ts'

/** More nodes, edges or places than this are junk, and checking each would take seconds. */
export const MAX_NODES = 20_000
export const MAX_EDGES = 100_000

export interface ParsedFlow {
  /** null where the text is no flow that could be shown and edited. */
  flow: Flow | null
  problems: Problem[]
}

/** Reads a flow file's text. Settings of nodes are not looked at: that is `validateFlow`, see also `readFlow`. */
export function parseFlow(text: string): ParsedFlow {
  if (text.length > MAX_FLOW_BYTES || Buffer.byteLength(text) > MAX_FLOW_BYTES) {
    const what = `The file has ${Math.ceil(Buffer.byteLength(text) / 2 ** 20)} MiB`
    return refused(problem('too-large', {}, { what, limit: `${MAX_FLOW_BYTES / 2 ** 20} MiB` }))
  }
  // Some editors on Windows put a byte order mark first.
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text
  const scanned = checkText(json)
  if (hasErrors(scanned.problems)) return refused(...scanned.problems)

  const value: unknown = JSON.parse(json)
  const header = checkHeader(value)
  if (header) return refused(header)
  const migrated = migrateDocument(
    scanned.reserved ? (withoutReserved(value) as RawDocument) : (value as RawDocument),
  )
  if (!migrated.document) return refused(...migrated.problems)
  const oversize = checkSize(migrated.document)
  if (oversize) return refused(oversize)

  const parsed = flowSchema().safeParse(migrated.document)
  if (!parsed.success) return refused(...shapeProblems(parsed.error.issues, migrated.document, json))
  const badIds = capped(nodeIdProblems(parsed.data, json))
  if (badIds.length > 0) return refused(...badIds)
  const flow = parsed.data
  return { flow, problems: capped([...scanned.problems, ...unknownFlowKeys(flow), ...strayLayout(flow)]) }
}

function refused(...problems: Problem[]): ParsedFlow {
  return { flow: null, problems }
}

function checkHeader(value: unknown): Problem | undefined {
  const noFlow = (what: string) => problem('not-a-flow', {}, { what })
  if (!isObject(value))
    return noFlow(`it holds ${Array.isArray(value) ? 'a list' : JSON.stringify(value).slice(0, 40)}`)
  const version = value['weir']
  if (version === undefined) return noFlow('it has no "weir" number')
  if (!Number.isInteger(version) || Number(version) < 1) return noFlow('its "weir" is no whole number from 1')
  if (Number(version) > FLOW_VERSION) {
    return problem('newer-version', {}, { found: Number(version), known: FLOW_VERSION })
  }
  return undefined
}

function checkSize(document: RawDocument): Problem | undefined {
  const limits = { nodes: MAX_NODES, edges: MAX_EDGES, layout: MAX_EDGES }
  for (const [key, limit] of Object.entries(limits)) {
    const value = document[key]
    if (typeof value !== 'object' || value === null) continue
    const count = Array.isArray(value) ? value.length : Object.keys(value).length
    if (count > limit)
      return problem('too-large', {}, { what: `The flow has ${count} ${key}`, limit: String(limit) })
  }
  return undefined
}

function shapeProblems(
  issues: Parameters<typeof plainIssues>[0],
  document: RawDocument,
  json: string,
): Problem[] {
  const plain = plainIssues(issues, document)
  const listed = plain.slice(0, MAX_PROBLEMS)
  const places = locate(
    json,
    listed.map(({ path }) => path),
  )
  const problems = listed.map(({ path, text }, index) =>
    problem(
      'bad-shape',
      { ...placeOf(path, document), ...places[index] },
      { what: `${subject(path)} ${text}` },
    ),
  )
  return capped(problems, plain.length)
}

/** The node, field or edge that a path in the document lies in. */
function placeOf(path: readonly string[], document: RawDocument): Place {
  const [section, key, part, ...field] = path
  if (section === 'nodes' && key !== undefined) {
    return { node: key, ...(part === 'config' && field.length > 0 && { field: field.join('.') }) }
  }
  if (section === 'edges' && key !== undefined) {
    const edges: unknown = document['edges']
    const edge: unknown = Array.isArray(edges) ? edges[Number(key)] : undefined
    if (isObject(edge) && typeof edge['from'] === 'string' && typeof edge['to'] === 'string') {
      return { edge: `${edge['from']}->${edge['to']}` }
    }
  }
  return section === 'layout' && key !== undefined ? { node: key } : {}
}

function subject(path: readonly string[]): string {
  const [section, key, ...rest] = path
  if (key === undefined) return quote(section ?? 'weir')
  const inside = rest.length > 0 ? `${quote(rest.join('.'))} of ` : ''
  if (section === 'nodes') return `${inside || 'Node '}${inside ? 'node ' : ''}${quote(key)}`
  if (section === 'edges') return `${inside}${inside ? 'edge' : 'Edge'} ${Number(key) + 1}`
  return `${quote(path.join('.'))}`
}

function nodeIdProblems(flow: Flow, json: string): Problem[] {
  const bad = Object.keys(flow.nodes).filter((id) => !isNodeId(id))
  if (bad.length === 0) return []
  const places = locate(
    json,
    bad.slice(0, MAX_PROBLEMS).map((id) => ['nodes', id]),
  )
  return bad.map((id, index) => badNodeId(id, places[index]))
}

function capped(problems: Problem[], total = problems.length): Problem[] {
  if (total <= MAX_PROBLEMS) return problems
  const shown = problems.slice(0, MAX_PROBLEMS)
  const severity = hasErrors(problems) ? 'error' : 'warning'
  const more = problem(
    'bad-shape',
    {},
    { what: `There are ${total - shown.length} more problems like these` },
  )
  return [...shown, { ...more, severity }]
}
