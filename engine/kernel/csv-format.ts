/** What the scanner of CSV needs to know, and what it leaves to the row tier's code. */
import { inferValue } from '../formats/csv-value.ts'
import {
  CSV_SETTING_COLUMNS,
  CSV_SETTING_DELIMITER,
  CSV_SETTING_FIELDS,
  CSV_SETTING_INFER,
  CSV_SETTING_LONGEST,
} from './layout.ts'
import type { Kernel } from './module.ts'

export interface CsvShape {
  /** One character of ASCII. */
  delimiter: string
  infer: boolean
  /** What the first row names the fields, all of them. */
  names: readonly string[]
  /** Bytes that a row of several lines may have. */
  longest: number
}

/**
 * Writes the settings of `scanCsv` into the kernel's memory and returns their address.
 * @param columns names of the fields that are wanted, in the order of the columns; those that are not there stay missing
 */
export function csvSettings(
  { exports, memory }: Kernel,
  shape: CsvShape,
  columns: readonly string[],
): number {
  const { delimiter, infer, longest, names } = shape
  const at = exports.allocate(CSV_SETTING_COLUMNS + names.length * 4)
  const view = new DataView(memory.buffer)
  view.setUint32(at + CSV_SETTING_DELIMITER, delimiter.charCodeAt(0), true)
  view.setUint32(at + CSV_SETTING_INFER, infer ? 1 : 0, true)
  view.setUint32(at + CSV_SETTING_LONGEST, longest, true)
  view.setUint32(at + CSV_SETTING_FIELDS, names.length, true)
  names.forEach((name, i) =>
    view.setUint32(at + CSV_SETTING_COLUMNS + i * 4, columns.indexOf(name) + 1, true),
  )
  return at
}

/** Makes the reader of values of the kind OTHER: texts with doubled quotes, and numbers too long to be sure of. */
export function csvValueReader(infer: boolean): (text: string) => unknown {
  return (text) => {
    const plain = text.replaceAll('""', '"')
    return infer ? inferValue(plain) : plain
  }
}
