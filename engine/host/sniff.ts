/** Looks at the start of a data file and says which node reads it, with which config. */
import { stat } from 'node:fs/promises'
import { basename, isAbsolute, relative, resolve, sep } from 'node:path'
import { fileBytes } from '../formats/byte-source.ts'
import { fileError } from '../formats/file-error.ts'
import { fileFormatOf, formatOf, isTabSeparated } from '../formats/format-name.ts'
import { unpacked } from '../formats/gzip.ts'
import { wholeFile } from '../formats/part-file.ts'
import { PartReader } from '../formats/part-reader.ts'
import { readRecords } from '../formats/read-records.ts'
import { judgeText } from '../formats/text-judge.ts'
import type { Judgement } from '../formats/text-judge.ts'
import { reasonOf } from '../spec/expression.ts'
import { fieldTypes } from '../spec/field-types.ts'
import { NodeError } from '../spec/node-error.ts'
import { previewRecords } from '../spec/preview.ts'
import type { Replies } from './protocol.ts'

/** Unpacked bytes that are looked at. */
const WINDOW_BYTES = 64 * 1024
const PREVIEW_RECORDS = 20
/** Records that the field types are inferred from. */
const TYPED_RECORDS = 200
/** Steps up that a relative path may take before an absolute one reads better. */
const STEPS_UP = 2

/** Never rejects: trouble with the file is an answer too. */
export async function sniff(path: string, baseDir: string): Promise<Replies['sniff']> {
  try {
    const absolute = resolve(baseDir, path)
    const sizeBytes = await sizeOf(absolute)
    if (fileFormatOf(absolute) === 'parquet') return await sniffParquet(absolute, baseDir, sizeBytes)
    const window = await readWindow(absolute)
    const judgement = judgeText(window, absolute, sizeBytes)
    const records = await firstRecords(window, judgement, basename(absolute))
    return {
      ok: true,
      node: { type: 'file', config: configFor(pathFrom(baseDir, absolute), judgement) },
      ...(judgement.behind && { next: judgement.behind }),
      ...shown(absolute, sizeBytes, records),
    }
  } catch (error) {
    const remedy = error instanceof NodeError ? error.remedy : 'Check the file, or choose another one.'
    return { ok: false, message: reasonOf(error), remedy }
  }
}

async function sniffParquet(path: string, baseDir: string, sizeBytes: number): Promise<Replies['sniff']> {
  const name = basename(path)
  // Its signal never fires: little is read.
  const { signal } = new AbortController()
  const reader = new PartReader({ signal, read: () => undefined })
  const records = await reader.firstRows(await wholeFile({ path, name }), TYPED_RECORDS)
  return {
    ok: true,
    node: { type: 'file', config: { path: pathFrom(baseDir, path) } },
    ...shown(path, sizeBytes, records),
  }
}

function shown(path: string, sizeBytes: number, records: readonly unknown[]) {
  return {
    title: basename(path),
    sizeBytes,
    preview: previewRecords(records.slice(0, PREVIEW_RECORDS)).records,
    fields: fieldTypes(records),
  }
}

/** Relative where that is short, with `/` on every system; else absolute. */
export function pathFrom(baseDir: string, absolute: string): string {
  if (!isAbsolute(baseDir)) return absolute
  const short = relative(baseDir, absolute)
  // On another drive there is no relative path.
  if (isAbsolute(short)) return absolute
  const parts = short.split(sep)
  return parts.filter((part) => part === '..').length <= STEPS_UP ? parts.join('/') : absolute
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError(error, path, 'read')
  })
  if (found.isFile()) return found.size
  if (found.isDirectory())
    throw fileError(Object.assign(new Error('is a folder'), { code: 'EISDIR' }), path, 'read')
  throw new NodeError(`${path} is a device or a pipe, not a file.`, {
    remedy: 'Choose a file.',
    field: 'path',
  })
}

async function readWindow(path: string): Promise<{ bytes: Buffer; whole: boolean }> {
  const chunks: Buffer[] = []
  let length = 0
  // Its signal never fires: one read of a plain file is over at once.
  for await (const chunk of unpacked(fileBytes(path, { signal: new AbortController().signal }), path)) {
    chunks.push(chunk)
    length += chunk.length
    if (length > WINDOW_BYTES) break
  }
  const bytes = Buffer.concat(chunks)
  return { bytes: bytes.subarray(0, WINDOW_BYTES), whole: length <= WINDOW_BYTES }
}

async function firstRecords(window: { bytes: Buffer; whole: boolean }, judgement: Judgement, name: string) {
  const lastEnd = window.bytes.lastIndexOf(10)
  // The last line of a longer file is cut somewhere; it is shown only where there is no other.
  const bytes = window.whole || lastEnd < 0 ? window.bytes : window.bytes.subarray(0, lastEnd + 1)
  const source = (async function* () {
    yield bytes
  })()
  const { format, header = true } = judgement
  const delimiter = isTabSeparated(name) ? 'tab' : 'auto'
  const options = { name, format, header, delimiter, types: 'infer', maxLineBytes: 2 ** 20 } as const
  const records: unknown[] = []
  for await (const block of readRecords(source, options)) {
    records.push(...block.records)
    if (records.length >= TYPED_RECORDS) break
  }
  return records.slice(0, TYPED_RECORDS)
}

/** Only what differs from the node's defaults. */
function configFor(path: string, { format, header }: Judgement): Record<string, unknown> {
  return {
    path,
    ...(formatOf(path) !== format && { format }),
    ...(header === false && { header: false }),
  }
}
