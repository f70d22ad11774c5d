/** The reference of all node types as Markdown, made from their descriptors: what `docs/nodes.md` holds. */
import type { DescriptorExample, JsonSchema, NodeDescriptor } from './descriptor.ts'
import type { Kind, PortSpec } from './node.ts'

const KINDS: Record<Kind, string> = {
  generator: 'Generators',
  processor: 'Processors',
  consumer: 'Consumers',
}

/** The whole page. Ends with a line break. */
export function renderNodeDocs(descriptors: readonly NodeDescriptor[]): string {
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) =>
    descriptors.some((node) => node.kind === kind),
  )
  const sections = [
    '<!-- Generated from the node files by `npm run docs`; changes made here are lost. -->',
    '# Nodes',
    'Every node type, with its ports, its settings and examples. `npx weir nodes` prints the same list.',
    table(
      ['type', 'kind', 'what it does'],
      descriptors.map(({ type, kind, summary }) => [`[${type}](#${type})`, kind, summary]),
    ),
    ...kinds.flatMap((kind) => [
      `## ${KINDS[kind]}`,
      ...descriptors.filter((node) => node.kind === kind).flatMap(nodeSections),
    ]),
  ]
  return `${sections.join('\n\n')}\n`
}

function nodeSections(node: NodeDescriptor): string[] {
  const ports = [...portRows('in', node.ports.in), ...portRows('out', node.ports.out)]
  const fields = fieldRows(node.config, '')
  return [
    `### ${node.type}`,
    `**${node.title}.** ${node.summary}`,
    node.docs.trim(),
    table(['port', '', 'carries', ''], ports),
    fields.length > 0 ? table(['setting', 'type', 'default', ''], fields) : 'No settings.',
    ...(node.examples.length > 0 ? ['Examples:'] : []),
    ...node.examples.map(exampleText),
  ]
}

function portRows(side: 'in' | 'out', ports: Record<string, PortSpec>): string[][] {
  return Object.entries(ports).map(([name, port]) => [
    `\`${name}\``,
    side,
    port.type,
    port.optional ? `${port.description} May stay without a wire.` : port.description,
  ])
}

/** One row a field; those inside lists and objects follow theirs with a dotted name. */
function fieldRows(schema: JsonSchema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const name = `${prefix}${key}`
    const required = schema.required?.includes(key) === true
    const initial =
      field.default === undefined ? (required ? 'required' : '') : code(JSON.stringify(field.default))
    const about = [
      field.title && `**${field.title}.**`,
      field.description,
      field.unit && `In ${field.unit}.`,
      field.when && conditionText(field.when),
    ]
    const inner = field.items ?? field
    return [
      [`\`${name}\``, typeText(field), initial, about.filter(Boolean).join(' ')],
      ...alternatives(inner).flatMap((option) => fieldRows(option, field.items ? `${name}[].` : `${name}.`)),
    ]
  })
}

/** The object schemas in a schema: itself or its alternatives. */
function alternatives(schema: JsonSchema): JsonSchema[] {
  if (schema.properties) return [schema]
  return (schema.anyOf ?? schema.oneOf ?? []).flatMap(alternatives)
}

function typeText(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(', ')
  if (schema.const !== undefined) return code(JSON.stringify(schema.const))
  const options = schema.anyOf ?? schema.oneOf
  if (options) return [...new Set(options.map(typeText))].join(' or ')
  if (schema.editor === 'expression' || schema.editor === 'script') return schema.editor
  if (schema.editor === 'path-in' || schema.editor === 'path-out') return 'path'
  const name = [schema.type ?? 'any'].flat().join(' or ')
  if (name === 'array') return schema.items ? `list of ${typeText(schema.items)}` : 'list'
  return name === 'number' || name === 'integer' ? `${name}${rangeText(schema)}` : name
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const low = [
    minimum !== undefined && `≥ ${minimum}`,
    exclusiveMinimum !== undefined && `> ${exclusiveMinimum}`,
  ]
  const high = [
    maximum !== undefined && `≤ ${maximum}`,
    exclusiveMaximum !== undefined && `< ${exclusiveMaximum}`,
  ]
  // zod writes the bounds of safe integers down; nobody needs to read those.
  const bounds = [...low, ...high].filter(
    (text) => text !== false && !text.includes(String(Number.MAX_SAFE_INTEGER)),
  )
  return bounds.length > 0 ? ` ${bounds.join(', ')}` : ''
}

function conditionText(when: NonNullable<JsonSchema['when']>): string {
  const conditions = Object.entries(when).map(([key, values]) => {
    return `${code(key)} is ${values.map((value) => code(JSON.stringify(value))).join(' or ')}`
  })
  return `Where ${conditions.join(' and ')}.`
}

function exampleText({ title, config, in: input, out }: DescriptorExample): string {
  const lines = [
    `"config": ${JSON.stringify(config)}`,
    ...(input ? [`"in": ${JSON.stringify(input)}`] : []),
    ...(out ? [`"out": ${JSON.stringify(out)}`] : []),
  ]
  return `${title}:\n\n\`\`\`json\n{\n  ${lines.join(',\n  ')}\n}\n\`\`\``
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Text that cannot break out of its cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
}

/** Inline code, also of text with backticks in it. */
function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest > 0 ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`
}
