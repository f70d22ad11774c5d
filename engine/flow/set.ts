/** Settings from the command line, `NODE.FIELD=JSON`, put into a flow. */
import { resolve } from 'node:path'
import type { JsonSchema } from '../spec/descriptor.ts'
import { descriptorOf } from '../spec/registry.ts'
import type { Registry } from '../spec/registry.ts'
import { childSchema, childValue, isObject, schemaAt, variantFor } from '../spec/schema-paths.ts'
import { migrateNodes } from './migrate.ts'
import type { Flow } from './model.ts'
import { problem, quote } from './problem-text.ts'
import type { Problem } from './problem.ts'
import { nearest } from './suggest.ts'

/**
 * A copy of the flow with the settings applied, and problems of those that could not be. Paths given here count
 * from `cwd` and become absolute, for those in the flow count from its file.
 */
export function applySettings(
  flow: Flow,
  settings: readonly string[],
  registry: Registry,
  cwd: string,
): { flow: Flow; problems: Problem[] } {
  const problems: Problem[] = []
  let result = migrateNodes(flow, registry).flow
  for (const text of settings) {
    const applied = applyOne(result, text, registry, cwd)
    if ('code' in applied) problems.push(applied)
    else result = { ...result, nodes: { ...result.nodes, [applied.node]: applied.changed } }
  }
  return { flow: result, problems }
}

const FORM = 'Write it as NODE.FIELD=JSON, for example --set count.n=5 or --set \'log.path="access.log"\'.'

interface Applied {
  node: string
  changed: Flow['nodes'][string]
}

function applyOne(flow: Flow, text: string, registry: Registry, cwd: string): Applied | Problem {
  const form = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text)
  if (!form)
    return problem(
      'bad-shape',
      {},
      { what: `The setting ${quote(text)} has another form than NODE.FIELD=JSON`, remedy: FORM },
    )
  const [, id = '', field = '', json = ''] = form
  const node = Object.hasOwn(flow.nodes, id) ? flow.nodes[id] : undefined
  if (!node)
    return problem('missing-node', { node: id }, { id, nearest: nearest(id, Object.keys(flow.nodes)) })
  const type = registry.get(node.type)
  if (!type) {
    const suggestion = nearest(node.type, registry.keys())
    return problem('unknown-type', { node: id }, { type: node.type, nearest: suggestion })
  }
  const at = { node: id, field }
  const value = parseValue(json)
  if (value === undefined) {
    const example = `--set '${id}.${field}=${JSON.stringify(json)}'`
    const what = json === '' ? `The value of ${id}.${field} is missing` : `${quote(json)} is not JSON`
    return problem('bad-config', at, {
      what,
      remedy: `A text needs double quotes, and the shell single ones around: ${example}.`,
    })
  }
  const { config: schema, defaults } = descriptorOf(type)
  const path = field.split('.')
  const before = { ...defaults, ...node.config }
  const target = settable(schema, before, path)
  if (!('schema' in target)) return problem('bad-config', at, target)
  const absolute = absolutePaths(target.schema, value, cwd)
  // Only what was set and what is around it goes into the node: other defaults stay unsaid.
  const top = path[0]!
  const whole = assign({ [top]: before[top] }, path, absolute) as Record<string, unknown>
  return { node: id, changed: { ...node, config: { ...node.config, ...whole } } }
}

/** `undefined` where the text is not JSON; JSON itself has no undefined. */
function parseValue(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch {
    return undefined
  }
}

/** The schema of the place, or why there is none. Walks the value too: an element of a list must exist or be the next. */
function settable(
  schema: JsonSchema,
  config: unknown,
  path: readonly string[],
): { schema: JsonSchema } | { what: string; remedy: string } {
  for (let length = 1; length <= path.length; length++) {
    const parent = schemaAt(schema, config, path.slice(0, length - 1))!
    const key = path[length - 1]!
    const name = path.slice(0, length).join('.')
    const holder = path.slice(0, length - 1).reduce<unknown>(childValue, config)
    const child = childSchema(parent, key)
    if (!child || key === '__proto__') {
      const known = Object.keys(parent.properties ?? {})
      const near = nearest(key, known)
      const list =
        known.length > 0 ? `The settings here are: ${known.join(', ')}.` : 'Set the whole value instead.'
      return {
        what: `There is no setting ${quote(name)}`,
        remedy: near ? `Did you mean "${near}"? ${list}` : list,
      }
    }
    const elements = Array.isArray(holder) ? holder.length : 0
    if (parent.items && !Object.hasOwn(parent.properties ?? {}, key) && Number(key) > elements) {
      return {
        what: `The list has ${elements} elements, so ${quote(name)} is too far`,
        remedy: `Use ${elements} to add one.`,
      }
    }
  }
  return { schema: schemaAt(schema, config, path)! }
}

/** A copy of the value with one place changed; objects and lists on the way are made where they are missing. */
function assign(value: unknown, path: readonly string[], leaf: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return leaf
  const inner = assign(childValue(value, key), rest, leaf)
  if (Array.isArray(value) || (!isObject(value) && /^\d+$/.test(key))) {
    const copy: unknown[] = Array.isArray(value) ? [...value] : []
    copy[Number(key)] = inner
    return copy
  }
  return { ...(isObject(value) ? value : {}), [key]: inner }
}

/** The value with every path in it made absolute. */
function absolutePaths(schema: JsonSchema, value: unknown, cwd: string): unknown {
  const here = variantFor(schema, value)
  const isPath =
    here.editor === 'path-in' ||
    here.editor === 'path-out' ||
    schema.editor === 'path-in' ||
    schema.editor === 'path-out'
  if (typeof value === 'string') return isPath && value !== '' ? resolve(cwd, value) : value
  if (Array.isArray(value)) {
    return value.map((element, index) => {
      const child = childSchema(here, String(index))
      return child ? absolutePaths(child, element, cwd) : element
    })
  }
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const child = childSchema(here, key)
      return [key, child ? absolutePaths(child, inner, cwd) : inner]
    }),
  )
}
