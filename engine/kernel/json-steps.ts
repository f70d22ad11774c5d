/**
 * Filters and derived fields over the columns of NDJSON, compiled into one loop that makes the texts to be written: for
 * each row that stays, what goes in the place of its closing brace.
 */
import { compileWith } from '../spec/compile-with.ts'
import {
  columnCode,
  columnFilter,
  ValueReader,
  type ColumnFilter,
  type FieldPlace,
  type RowsView,
} from './column-code.ts'
import { readPlain } from './formats.ts'
import { HOW_NOT, HOW_TEXT, HOW_WITH_TEXT, KIND_MISSING } from './layout.ts'

/** What a node of the chain does, in its order. */
export type JsonStep =
  { filter: string; mark: number } | { derive: readonly { field: string; value: string }[] }

/** The fields that the steps read or make, and the loop. */
export interface JsonSteps {
  /** Columns that have to be scanned, in their order. */
  fields: readonly string[]
  /** Those that come before anything is derived; to be called first, so that nothing else is done for what they remove. */
  filters: readonly { filter: ColumnFilter; mark: number }[]
  /**
   * The texts of the rows, one after the other. Rows that a filter removes get its mark in GONE and become HOW_NOT; those
   * that need their whole record become HOW_TEXT, and `exact` gives the line for them, or nothing where there is none.
   */
  texts: (view: RowsView, how: Uint8Array, exact: (row: number) => string) => string
}

/** Whole numbers come first in an object, wherever they are set; texts of names go into code as they are. */
const PLAIN_NAME = /^(?!\d)/
/** What a field may not be called to be derived here. */
const UNUSUAL = new Set(['__proto__', 'toJSON'])

/** Undefined where a step needs whole records, or sets a field that is not simply put behind the others. */
export function jsonSteps(steps: readonly JsonStep[]): JsonSteps | undefined {
  const columns: string[] = []
  const columnOf = (name: string): number => {
    if (!columns.includes(name)) columns.push(name)
    return columns.indexOf(name)
  }
  const variables = new Map<string, string>()
  const placeOf = (name: string): FieldPlace => variables.get(name) ?? columnOf(name)
  const derived: string[] = []
  const filters: { filter: ColumnFilter; mark: number }[] = []
  let body = ''
  for (const step of steps) {
    if ('filter' in step) {
      if (derived.length === 0) {
        const filter = columnFilter(step.filter, columnOf, readPlain)
        if (!filter) return undefined
        filters.push({ filter, mark: step.mark })
        continue
      }
      const code = columnCode(step.filter, placeOf)
      if (!code) return undefined
      body += `if (!${code.body}) { weir_view.gone[weir_row] = ${step.mark}; weir_how[weir_row] = ${HOW_NOT}; continue }\n`
      continue
    }
    for (const { field, value } of step.derive) {
      const code = columnCode(value, placeOf)
      const usual = PLAIN_NAME.test(field) && !UNUSUAL.has(field) && !(field in Object.prototype)
      if (!code || !usual || variables.has(field)) return undefined
      const variable = `weir_derived${derived.length}`
      body += `const ${variable} = ${code.body}\n`
      // A field that is there already would have to be replaced where it stands.
      columnOf(field)
      derived.push(field)
      variables.set(field, variable)
    }
  }
  const texts = compileWith<JsonSteps['texts']>(loopText(body, columns, derived), {
    weir_print: printed,
    ...readers(),
  })
  return { fields: columns, filters, texts }
}

function loopText(body: string, columns: readonly string[], derived: readonly string[]): string {
  const views = columns.map(
    (_, i) => `weir_kind${i} = weir_view.columns[${i}].kind, weir_num${i} = weir_view.columns[${i}].num`,
  )
  const there = derived.map((field) => `weir_kind${columns.indexOf(field)}[weir_row] !== ${KIND_MISSING}`)
  const prints = derived.map(
    (field, i) => `weir_print(${JSON.stringify(`,${JSON.stringify(field)}:`)}, weir_derived${i})`,
  )
  return `return (weir_view, weir_how, weir_exact) => {
    ${views.length > 0 ? `const ${views.join(', ')}` : ''}
    weir_reader.view = weir_view
    const weir_rows = weir_view.rows
    let weir_texts = ''
    for (let weir_row = 0; weir_row < weir_rows; weir_row++) {
      if (weir_how[weir_row] === ${HOW_NOT}) continue
      if (weir_how[weir_row] === ${HOW_WITH_TEXT}) {
        try {
          ${there.length > 0 ? `if (${there.join(' || ')}) throw 0` : ''}
          ${body}
          weir_texts += ${[...prints, `'}\\n'`].join(' + ')}
          continue
        } catch {
          weir_how[weir_row] = ${HOW_TEXT}
        }
      }
      const weir_line = weir_exact(weir_row)
      if (weir_line === '') weir_how[weir_row] = ${HOW_NOT}
      else weir_texts += weir_line
    }
    return weir_texts
  }`
}

function readers(): Record<string, unknown> {
  const reader = new ValueReader(readPlain)
  return {
    weir_reader: reader,
    weir_value: (column: number, row: number) => reader.value(column, row),
    weir_same: (column: number, row: number, text: string) => reader.same(column, row, text),
  }
}

/** A field as JSON.stringify writes it, or nothing where it leaves it out. Throws for what it cannot write. */
function printed(name: string, value: unknown): string {
  if (typeof value === 'number') return name + (value - value === 0 ? String(value) : 'null')
  if (typeof value === 'boolean') return name + String(value)
  const text = JSON.stringify(value) as string | undefined
  return text === undefined ? '' : name + text
}
