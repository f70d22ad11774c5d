/** The words of every problem, in one table: what is wrong and what to do about it, keyed by code. */
import type { Place, Problem, ProblemCode } from './problem.ts'

/** What each code's sentences are made from. */
interface Facts {
  'not-json': { what: string; hint?: string }
  'too-large': { what: string; limit: string }
  'not-a-flow': { what: string }
  'newer-version': { found: number; known: number }
  'bad-shape': { what: string; remedy?: string }
  'unknown-key': { key: string; place: string; kept: boolean; why?: string }
  'bad-node-id': { id: string; reserved: boolean }
  'unknown-type': { type: string; nearest?: string }
  'newer-node': { type: string; found: number; known: number }
  'bad-config': { what: string; remedy?: string }
  'bad-expression': { title: string; what: string; kind: 'expression' | 'script' }
  'unknown-config-key': { key: string; type: string; nearest?: string }
  'missing-node': { id: string; nearest?: string }
  'wrong-port': { node: string; port: string; side: 'input' | 'output'; ports: readonly string[] }
  'doubled-edge': { from: string; to: string }
  'incompatible-ports': { from: string; fromType: string; to: string; toType: string }
  cycle: { nodes: readonly string[] }
  unreachable: { node: string; consumer: boolean; alone: boolean; starved: readonly string[] }
  'dead-end': { node: string; port: string; alone: boolean }
  'empty-flow': Record<string, never>
  'secret-in-file': { title: string }
}

interface Text<Known> {
  severity: Problem['severity']
  message(facts: Known): string
  remedy(facts: Known): string
}

const texts: { [Code in ProblemCode]: Text<Facts[Code]> } = {
  'not-json': {
    severity: 'error',
    message: ({ what }) => `The file is not valid JSON: ${what}.`,
    remedy: ({ hint }) => hint ?? 'Correct the file at this place, or take it back from an earlier copy.',
  },
  'too-large': {
    severity: 'error',
    message: ({ what, limit }) => `${what}; at most ${limit} can be read.`,
    remedy: () => 'Check that this is a flow; data belongs in files of its own that a node reads.',
  },
  'not-a-flow': {
    severity: 'error',
    message: ({ what }) => `This is JSON, but no flow: ${what}.`,
    remedy: () => 'Open a .weir.json file; a flow is an object with "weir", "nodes" and "edges".',
  },
  'newer-version': {
    severity: 'error',
    message: ({ found, known }) =>
      `The flow was saved by a newer Weir: its format is version ${found}, and this Weir reads up to ${known}.`,
    remedy: () => 'Update Weir to open it; the file has not been changed.',
  },
  'bad-shape': {
    severity: 'error',
    message: ({ what }) => `${what}.`,
    remedy: ({ remedy }) => remedy ?? 'Correct it in the file; `weir schema` prints the expected shape.',
  },
  'unknown-key': {
    severity: 'warning',
    message: ({ key, place, why }) =>
      `${quote(key)} in ${place} ${why ?? 'is not known to this version of Weir'}.`,
    remedy: ({ kept }) =>
      kept
        ? 'It is kept as it is; correct its spelling if it should have an effect.'
        : 'It is left out when the flow is saved; keep a copy of the file if you need it.',
  },
  'bad-node-id': {
    severity: 'error',
    message: ({ id, reserved }) =>
      reserved
        ? `${quote(id)} is a reserved word and cannot be a node's id.`
        : `${quote(id)} cannot be a node's id.`,
    remedy: () =>
      'Use a letter, then up to 63 letters, digits, "_" or "-", and use the new id in "edges" and "layout" too.',
  },
  'unknown-type': {
    severity: 'error',
    message: ({ type }) => `There is no node type ${quote(type)}.`,
    remedy: ({ nearest }) =>
      nearest
        ? `Did you mean ${quote(nearest)}?`
        : 'Choose one of the types that `weir nodes` lists, or update Weir.',
  },
  'newer-node': {
    severity: 'error',
    message: ({ type, found, known }) =>
      `The settings are of version ${found} of ${quote(type)}, and this Weir knows up to ${known}.`,
    remedy: () => 'Update Weir to run this flow.',
  },
  'bad-config': {
    severity: 'error',
    message: ({ what }) => sentence(what),
    remedy: ({ remedy }) => remedy ?? 'Change the setting.',
  },
  'bad-expression': {
    severity: 'error',
    message: ({ title, what, kind }) => `The ${kind} in ${quote(title)} does not compile: ${sentence(what)}`,
    remedy: ({ kind }) =>
      kind === 'script'
        ? 'Correct the script at this line.'
        : 'Correct it at this place; it must be one JavaScript expression.',
  },
  'unknown-config-key': {
    severity: 'warning',
    message: ({ key, type }) => `${quote(key)} is not a setting of ${quote(type)} and has no effect.`,
    remedy: ({ nearest }) =>
      nearest
        ? `Did you mean ${quote(nearest)}?`
        : 'Remove it, or correct its spelling; it is kept until then.',
  },
  'missing-node': {
    severity: 'error',
    message: ({ id }) => `There is no node ${quote(id)}.`,
    remedy: ({ nearest }) =>
      nearest ? `Did you mean ${quote(nearest)}?` : 'Add the node, or remove what refers to it.',
  },
  'wrong-port': {
    severity: 'error',
    message: ({ node, port, side }) => `${quote(node)} has no ${side} ${quote(port)}.`,
    remedy: ({ ports, side }) =>
      ports.length === 0
        ? `It has no ${side}s at all; remove the wire.`
        : `Its ${side}s are: ${ports.join(', ')}.`,
  },
  'doubled-edge': {
    severity: 'error',
    message: ({ from, to }) => `The wire from ${from} to ${to} is there twice.`,
    remedy: () => 'Remove one of the two; every record would arrive twice.',
  },
  'incompatible-ports': {
    severity: 'error',
    message: ({ from, fromType, to, toType }) => `${from} gives ${fromType}, and ${to} takes ${toType}.`,
    remedy: ({ toType }) => `Put a node between them that makes ${toType}, such as map or parse.`,
  },
  cycle: {
    severity: 'error',
    message: ({ nodes }) => `The wires run in a circle: ${listed(nodes, ' → ')}.`,
    remedy: () => 'Remove one of these wires; records must flow one way.',
  },
  unreachable: {
    severity: 'error',
    message: ({ node, alone, starved }) =>
      alone
        ? `${quote(node)} is not wired to anything.`
        : `Nothing flows into ${quote(node)}${starved.length > 0 ? `, so nothing reaches ${listed(starved, ', ')}` : ''}.`,
    remedy: ({ alone, consumer }) => {
      if (!alone) return 'Wire an output of another node to its input.'
      return consumer ? 'Wire an output to it, or remove it.' : 'Wire it between two nodes, or remove it.'
    },
  },
  'dead-end': {
    severity: 'error',
    message: ({ node, port, alone }) =>
      alone
        ? `${quote(node)} is not wired to anything.`
        : `The output ${quote(port)} of ${quote(node)} leads nowhere, so its records would be lost.`,
    remedy: ({ port }) =>
      `Wire ${quote(port)} to a node; \`discard\` is one that drops what it gets and counts it.`,
  },
  'empty-flow': {
    severity: 'error',
    message: () => 'The flow has no nodes.',
    remedy: () => 'Add a generator, such as `file` or `range`, and a consumer, such as `table`.',
  },
  'secret-in-file': {
    severity: 'warning',
    message: ({ title }) =>
      `${quote(title)} looks like a secret, and it is saved in the flow file as plain text.`,
    remedy: () => 'Refer to it instead, with { "$env": "NAME" } or { "$secret": "NAME" }.',
  },
}

/** Makes a problem; its words come from the table above. */
export function problem<Code extends ProblemCode>(code: Code, at: Place, facts: Facts[Code]): Problem {
  const text = texts[code]
  return { code, severity: text.severity, at, message: text.message(facts), remedy: text.remedy(facts) }
}

/** Text in quotes, cut where it is long, so that junk in a file cannot flood the screen. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text)
}

const LISTED = 12

function listed(names: readonly string[], between: string): string {
  if (names.length <= LISTED) return names.join(between)
  return [...names.slice(0, LISTED - 1), `… ${names.length - LISTED} more …`, names.at(-1)].join(between)
}

/** With a capital first letter and a full stop. */
function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}
