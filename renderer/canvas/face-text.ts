/** The one line on a node card: the descriptor's face text with the node's config filled in. */

import type { NodeDescriptor } from '../../engine/host/protocol.ts'
import { fileNameOf } from '../app/paths.ts'
import { formatCount } from './format-numbers.ts'

/** Longer lines are cut: the card has no room for them, and they cost layout. */
const LIMIT = 80

export type Values = Readonly<Record<string, unknown>>

/**
 * Fills `{field}` and `{field.inner}` from the config, else from the defaults. A list joins with ", "; a path that goes
 * on through a list takes that field of each entry. A part that stays empty takes its separator " · " with it.
 */
export function faceText(face: string, config: Values | undefined, defaults: Values): string {
  const parts = face.split(' · ').map((part) => fill(part, config ?? {}, defaults))
  const text = parts
    .filter((part) => part !== '')
    .join(' · ')
    // All but the thin space inside a number.
    .replace(/[^\S\u2009]+/g, ' ')
    .trim()
  return text.length > LIMIT ? `${text.slice(0, LIMIT - 1).trimEnd()}…` : text
}

/** Of a path the card shows the file's name: folders would take the room that tells files apart. */
export function withFileNames(
  config: Values | undefined,
  { config: schema }: Pick<NodeDescriptor, 'config'>,
): Values {
  return Object.fromEntries(
    Object.entries(config ?? {}).map(([key, value]) => {
      const editor = schema.properties?.[key]?.editor
      const isPath = (editor === 'path-in' || editor === 'path-out') && typeof value === 'string'
      return [key, isPath ? fileNameOf(value) || value : value]
    }),
  )
}

/** One part; empty where it has fields and none of them has a value. */
function fill(part: string, config: Values, defaults: Values): string {
  let fields = 0
  let filled = 0
  const text = part.replace(/\{([^{}]+)\}/g, (_, path: string) => {
    fields++
    const keys = path.trim().split('.')
    const value = valueText(lookUp(config, keys) ?? lookUp(defaults, keys))
    if (value !== '') filled++
    return value
  })
  return fields > 0 && filled === 0 ? '' : text.trim()
}

function lookUp(value: unknown, keys: readonly string[]): unknown {
  const [key, ...rest] = keys
  if (key === undefined || value === undefined || value === null) return value
  if (Array.isArray(value) && !/^\d+$/.test(key)) return value.map((entry) => lookUp(entry, keys))
  if (typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined
  return lookUp((value as Record<string, unknown>)[key], rest)
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return ''
  // Long numbers are read in groups; four digits are as often a year or a port.
  if (Number.isInteger(value) && Math.abs(Number(value)) >= 10_000) return formatCount(Number(value))
  if (Array.isArray(value)) return value.map(valueText).filter(Boolean).join(', ')
  if (typeof value !== 'object') return String(value)
  const secret = value as { $secret?: unknown; $env?: unknown }
  if (typeof secret.$secret === 'string') return `secret ${secret.$secret}`
  if (typeof secret.$env === 'string') return `$${secret.$env}`
  return Object.entries(value)
    .map(([key, inner]) => `${key}: ${valueText(inner)}`)
    .join(', ')
}
