/** What the driver knows of each format: its scanner, what its columns are called there, and its settings. */
import { csvValueReader } from './csv-format.ts'
import type { KernelMemory } from './kernel-memory.ts'
import {
  ACCESS_SCRATCH,
  FIELD_NONE,
  JSON_SETTING_BLANK,
  JSON_SETTING_NAMES,
  ROW_NOTHING,
  ROW_ODD,
} from './layout.ts'
import type { KernelExports, Scan } from './module.ts'

/** What a line of the file is. `json`: a text that a node behind the file parses; `ndjson`: the file does it itself. */
export type KernelFormat = 'access-log' | 'json' | 'ndjson' | 'csv'

export interface KernelFormatCode {
  scan(exports: KernelExports): Scan
  /** COLUMN_FIELD for each name. */
  fields(names: readonly string[]): number[]
  /** Writes the format's settings and returns their address. */
  settings(memory: KernelMemory, names: readonly string[]): number
  /** Bytes of scratch that a row takes. */
  scratch: number
  /** Reads a value of the kind OTHER for an expression; throws where the whole record is needed. */
  other(text: string): unknown
}

/** In the order of FIELD_HOST …. */
const ACCESS_FIELDS =
  'host ident user time method path protocol status bytes referrer agent request extra'.split(' ')

const accessLog: KernelFormatCode = {
  scan: (exports) => exports.scanAccessLog,
  fields: (names) =>
    names.map((name) => {
      const found = ACCESS_FIELDS.indexOf(name)
      return found < 0 ? FIELD_NONE : found
    }),
  settings: () => 0,
  scratch: ACCESS_SCRATCH,
  other: (text) => text,
}

/** @param blank what a blank line is */
function json(blank: number): KernelFormatCode {
  return {
    scan: (exports) => exports.scanNdjson,
    fields: (names) => names.map((_, index) => index),
    settings(memory, names) {
      const texts = names.map((name) => Buffer.from(name))
      const at = memory.allocate(JSON_SETTING_NAMES + names.length * 8)
      const places = texts.map((text) => memory.allocate(text.length))
      memory.put(at + JSON_SETTING_BLANK, blank)
      texts.forEach((text, i) => {
        memory.bytes.set(text, places[i])
        memory.put(at + JSON_SETTING_NAMES + i * 8, places[i]!)
        memory.put(at + JSON_SETTING_NAMES + i * 8 + 4, text.length)
      })
      return at
    },
    scratch: 0,
    other: readPlain,
  }
}

/**
 * A value that is no object or list. Code that is given one of these may change it, and the record with it, or ask
 * whether it is the same one: such rows need their record.
 */
export function readPlain(text: string): unknown {
  const first = text.charCodeAt(0)
  if (first === 0x7b || first === 0x5b) throw new Error('not a plain value')
  return JSON.parse(text) as unknown
}

/** The settings are written when the first row of the file was seen; see csv-intake.ts. */
function csv(infer: boolean): KernelFormatCode {
  return {
    scan: (exports) => exports.scanCsv,
    fields: (names) => names.map((_, index) => index),
    settings: () => 0,
    scratch: 0,
    other: csvValueReader(infer),
  }
}

const FORMATS: Record<Exclude<KernelFormat, 'csv'>, KernelFormatCode> = {
  'access-log': accessLog,
  json: json(ROW_ODD),
  ndjson: json(ROW_NOTHING),
}

/** @param infer CSV: numbers and so on are told from texts */
export function formatCode(format: KernelFormat, infer = false): KernelFormatCode {
  return format === 'csv' ? csv(infer) : FORMATS[format]
}
