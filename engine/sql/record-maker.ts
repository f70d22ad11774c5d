/** Makes records of columns, by one compiled literal. */
import { compileWith } from '../spec/compile-with.ts'
import { literalText } from '../spec/record-shaper.ts'
import type { ColumnOut } from './columns-out.ts'

type Columns = readonly (readonly unknown[])[]

/** @returns a function that makes one record of each row of the columns, which are in the given order */
export function recordMaker(columns: readonly ColumnOut[]): (values: Columns) => unknown[] {
  const fields = columns.map(({ name, make }, at) => {
    const value = `column${at}[row]`
    return { to: name, value: make ? `(${value} === null ? null : weir_make${at}(${value}))` : value }
  })
  const makes = Object.fromEntries(
    columns.flatMap(({ make }, at) => (make ? [[`weir_make${at}`, make] as const] : [])),
  )
  return compileWith<(values: Columns) => unknown[]>(
    `return (values) => {
      ${columns.map((_, at) => `const column${at} = values[${at}]`).join('\n')}
      const count = column0.length
      const records = new Array(count)
      for (let row = 0; row < count; row++) records[row] = ${literalText(fields)}
      return records
    }`,
    makes,
  )
}
