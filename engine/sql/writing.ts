/** `write-file` with Parquet as one COPY: records that come back from the file just as those that the row tier writes. */
import { fileFormatOf } from '../formats/format-name.ts'
import { MOST_FIELDS } from '../formats/parquet-shape.ts'
import type { ChainNode } from '../spec/chain-node.ts'
import type { Writing } from './program-parts.ts'
import type { Relation } from './relation.ts'
import { asDouble, quoteName, refuse } from './typed.ts'
import type { Typed } from './typed.ts'

export function writesParquet({ type, config }: Pick<ChainNode, 'type' | 'config'>): boolean {
  if (type !== 'write-file') return false
  const { format, path } = config
  return format === 'parquet' || (format === 'auto' && fileFormatOf(String(path)) === 'parquet')
}

/**
 * @param folded true where the order is other than that of the file
 * @throws Refusal
 */
export function writingOf(node: ChainNode, { sql, fields, order }: Relation, folded: boolean): Writing {
  const chosen = node.config['columns'] as string[]
  const names = chosen.length > 0 ? chosen : [...fields.keys()]
  if (names.length === 0) refuse('records without fields')
  if (names.length > MOST_FIELDS) refuse('so many fields')
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length)
    refuse('fields whose names differ in capitals only')
  const columns = names.map((name) => {
    if (name === '' || name === '__proto__') refuse(`a field that is called “${name}”`)
    const typed = fields.get(name)
    return `${typed ? inFile(typed, name) : 'CAST(NULL AS VARCHAR)'} AS ${quoteName(name)}`
  })
  const fractions = names.flatMap((name) => {
    const typed = fields.get(name)
    return typed?.kind === 'number' && !typed.whole ? [`(${typed.sql} = 0 AND signbit(${typed.sql}))`] : []
  })
  return {
    node: node.id,
    path: String(node.config['path']),
    sql: `SELECT ${columns.join(', ')} FROM (${sql})${folded ? ` ORDER BY ${order.join(', ')}` : ''}`,
    inFileOrder: !folded,
    named: chosen.length > 0,
    ...(fractions.length > 0 && {
      minusZero: `SELECT coalesce(bool_or(${fractions.join(' OR ')}), FALSE) FROM (${sql})`,
    }),
  }
}

function inFile(typed: Typed, name: string): string {
  switch (typed.kind) {
    case 'number':
      return typed.whole ? `CAST(${typed.sql} AS BIGINT)` : asDouble(typed)
    case 'text':
    case 'boolean':
      return typed.sql
    case 'null':
      return 'CAST(NULL AS VARCHAR)'
    case 'undefined':
      return refuse('a value that is undefined')
    case 'time':
      return timeText(typed)
    case 'opaque':
      // Decimals of many digits are numbers and texts, which the row tier does not write into one column.
      if (typed.out === 'integer' || typed.out === 'bytes') return typed.sql
      return refuse(`the field “${name}” in a file (${typed.why})`)
  }
}

const FORMATS = { 3: '%Y-%m-%dT%H:%M:%S.%g', 6: '%Y-%m-%dT%H:%M:%S.%f', 9: '%Y-%m-%dT%H:%M:%S.%n' } as const

/** The text of records; all years have four digits. */
function timeText({ sql, ticks, time: { digits, utc } }: Typed & { kind: 'time' }): string {
  if (digits === 0) return `strftime(${sql}, '%Y-%m-%d')`
  const moment = {
    3: `make_timestamp_ms(${ticks})`,
    6: `make_timestamp(${ticks})`,
    9: `make_timestamp_ns(${ticks})`,
  }[digits]
  return `strftime(${moment}, '${FORMATS[digits]}${utc ? 'Z' : ''}')`
}
