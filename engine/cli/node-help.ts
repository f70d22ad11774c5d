/** Node types as text for a terminal. */
import type { JsonSchema, NodeDescriptor } from '../spec/descriptor.ts'
import type { Kind } from '../spec/node.ts'
import { wrap } from './wrap.ts'

const KINDS: Record<Kind, string> = {
  generator: 'Generators',
  processor: 'Processors',
  consumer: 'Consumers',
}

/** One line a type, by kind. */
export function nodeList(descriptors: readonly NodeDescriptor[]): string {
  const width = Math.max(...descriptors.map(({ type }) => type.length))
  const sections = (Object.keys(KINDS) as Kind[]).flatMap((kind) => {
    const lines = descriptors
      .filter((node) => node.kind === kind)
      .map(({ type, summary }) => `  ${type.padEnd(width)}  ${summary}\n`)
    return lines.length === 0 ? [] : [`${KINDS[kind]}\n${lines.join('')}`]
  })
  return `${sections.join('\n')}\nAll about one: weir nodes TYPE\n`
}

/** Everything about one type. */
export function nodeHelp(node: NodeDescriptor): string {
  const ports = (['in', 'out'] as const).flatMap((side) =>
    Object.entries(node.ports[side]).map(([name, port]) => [
      `${side} ${name}`,
      `${port.description} (${port.type}${port.optional ? ', optional' : ''})`,
    ]),
  )
  const settings = settingRows(node.config)
  const examples = node.examples.map(({ title, config, in: input, out }) =>
    [
      `  ${title}`,
      `    config  ${JSON.stringify(config)}`,
      ...portLines('in ', input),
      ...portLines('out', out),
    ].join('\n'),
  )
  return `${[
    `${node.type} – ${node.title} (${node.kind})`,
    node.summary,
    wrap(node.docs.trim(), ''),
    ...(ports.length > 0 ? [`Ports\n${twoColumns(ports)}`] : []),
    settings.length > 0 ? `Settings\n${twoColumns(settings)}` : 'No settings.',
    ...(examples.length > 0 ? [`Examples\n${examples.join('\n')}`] : []),
  ].join('\n\n')}\n`
}

function portLines(side: string, records: Record<string, unknown[]> | undefined): string[] {
  return Object.entries(records ?? {}).map(
    ([port, list]) => `    ${side}     ${port}: ${list.map((record) => JSON.stringify(record)).join(' ')}`,
  )
}

/** Name and explanation of each setting; those of objects in lists follow theirs. */
function settingRows(schema: JsonSchema, prefix = ''): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const name = prefix + key
    const inner = field.items ? settingRows(field.items, `${name}.N.`) : settingRows(field, `${name}.`)
    return [[name, aboutSetting(field, schema.required?.includes(key) === true)], ...inner]
  })
}

function aboutSetting(field: JsonSchema, required: boolean): string {
  const facts = [
    choices(field) ?? [field.type ?? []].flat().join(' or '),
    field.unit,
    field.default !== undefined ? `default ${JSON.stringify(field.default)}` : required && 'required',
  ].filter(Boolean)
  return `${field.description ?? field.title ?? ''}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`.trim()
}

function choices(field: JsonSchema): string | undefined {
  return field.enum && `one of ${field.enum.map((value) => JSON.stringify(value)).join(' ')}`
}

function twoColumns(rows: readonly string[][]): string {
  const width = Math.max(...rows.map(([name]) => name!.length))
  return rows
    .map(([name, text]) => `  ${name!.padEnd(width)}  ${wrap(text!, ' '.repeat(width + 4)).trimStart()}`)
    .join('\n')
}

/** Breaks at spaces; lines after the first get the indent. Line breaks of the text are kept. */
