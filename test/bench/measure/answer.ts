/** Brings the answers of different programs into one form, so that equal ones are equal texts. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** A few rows on standard output: tab-separated, or NDJSON whose values are taken in their order. */
export function rowsAnswer(stdout: string): string {
  return stdout
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('{') ? Object.values(parseRow(line)).join('\t') : line))
    .join('\n')
}

function parseRow(line: string): Record<string, unknown> {
  return JSON.parse(line) as Record<string, unknown>
}

/**
 * NDJSON in a file: the number of its lines, and a sum of the lines' hashes, so that neither the order of lines nor
 * that of fields within a line matters. Spaces between fields do not matter either.
 */
export async function ndjsonFileAnswer(path: string): Promise<string> {
  let lines = 0
  let sum = 0n
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const fields = Object.entries(parseRow(line)).sort(([a], [b]) => (a < b ? -1 : 1))
    const digest = createHash('md5').update(JSON.stringify(fields)).digest()
    sum = (sum + digest.readBigUInt64LE()) & 0xffff_ffff_ffff_ffffn
    lines++
  }
  return `${lines} lines, ${sum.toString(16)}`
}

/** A file whose bytes have to be the same. */
export async function bytesFileAnswer(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(block as Buffer)
  return hash.digest('hex')
}
