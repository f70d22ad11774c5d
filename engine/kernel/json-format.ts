/** What the scanner of NDJSON needs to know, and what it leaves to JSON.parse. */
import { JSON_SETTING_BLANK, JSON_SETTING_NAMES, ROW_NOTHING, ROW_ODD } from './layout.ts'
import type { Kernel } from './module.ts'

/**
 * Writes the settings of `scanNdjson` into the kernel's memory and returns their address.
 * @param names of fields; a column's FIELD is an index into them. A name can only be that of one column.
 * @param blanks what a blank line is: nothing between the records of a file, or a mistake
 */
export function jsonSettings(
  { exports, memory }: Kernel,
  names: readonly string[],
  blanks: 'skip' | 'odd',
): number {
  const texts = names.map((name) => Buffer.from(name))
  const at = exports.allocate(JSON_SETTING_NAMES + names.length * 8)
  const places = texts.map((text) => exports.allocate(text.length))
  const view = new DataView(memory.buffer)
  view.setUint32(at + JSON_SETTING_BLANK, blanks === 'skip' ? ROW_NOTHING : ROW_ODD, true)
  texts.forEach((text, i) => {
    new Uint8Array(memory.buffer).set(text, places[i])
    view.setUint32(at + JSON_SETTING_NAMES + i * 8, places[i]!, true)
    view.setUint32(at + JSON_SETTING_NAMES + i * 8 + 4, text.length, true)
  })
  return at
}

/** Whether the scanner can be asked for these fields. Half a character is no UTF-8, so it is no name here. */
export function canScanJson(names: readonly string[]): boolean {
  return (
    names.length <= 64 && names.every((name) => !/\p{Surrogate}/u.test(name) && !(name in Object.prototype))
  )
}

/** A value of the kind OTHER. */
export function readJson(text: string): unknown {
  return JSON.parse(text) as unknown
}
