/** Real CSV files, read as another parser reads them, and written and read again. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { CsvWriter } from '../../../engine/formats/csv-writer.ts'
import { readRecords } from '../../../engine/formats/read-records.ts'
import { bytesOf, collect } from '../fake-context.ts'

const folder = fileURLToPath(new URL('../../../node_modules/vega-datasets/data', import.meta.url))
const files = readdirSync(folder).filter((name) => /\.[ct]sv$/.test(name))

async function read(text: string | Buffer, types: 'text' | 'infer') {
  const options = {
    name: 'a.csv',
    format: 'csv',
    delimiter: 'auto',
    header: true,
    types,
    maxLineBytes: 2 ** 20,
  } as const
  const blocks = await collect(readRecords(bytesOf(text), options))
  expect(blocks.flatMap((block) => block.failures)).toEqual([])
  return blocks.flatMap((block) => block.records) as Record<string, unknown>[]
}

test.each(files)('%s gives the records that csv-parse gives', async (name) => {
  const bytes = readFileSync(join(folder, name))
  const theirs = parse(bytes, {
    columns: true,
    bom: true,
    skip_empty_lines: true,
    delimiter: name.endsWith('.tsv') ? '\t' : ',',
  })
  const ours = await read(bytes, 'text')
  // Compared as text: one comparison instead of one per field.
  expect(JSON.stringify(ours) === JSON.stringify(theirs)).toBe(true)
  expect(ours.length).toBeGreaterThan(1)
})

test.each(files)('%s is the same after it was written and read again', async (name) => {
  const records = await read(readFileSync(join(folder, name)), 'infer')
  const writer = new CsvWriter(',')
  const rows = records.map((record) => writer.row(record))
  const again = await read([writer.header(), ...rows, ''].join('\n'), 'infer')
  expect(JSON.stringify(again) === JSON.stringify(records)).toBe(true)
})
