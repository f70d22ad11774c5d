/** Reads Parquet files row group by row group; memory holds one row group and what comes of it. */
import { parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet'
import type { FileMetaData, RowGroup } from 'hyparquet'
import { BATCH_RECORDS } from '../spec/batches.ts'
import type { DataRecord } from '../spec/node.ts'
import { compressors } from './parquet-compressors.ts'
import { encryptedError, parquetError, refuseNoParquet } from './parquet-error.ts'
import { checkPages } from './parquet-pages.ts'
import { asStored, columnValue } from './parquet-rows.ts'
import type { ColumnValue } from './parquet-rows.ts'
import type { PartFile } from './part-file.ts'

/** Byte arrays that are text; what is no UTF-8 fails the run. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const parsers = { stringFromBytes: (bytes: Uint8Array) => decoder.decode(bytes) }
/** Statistics may hold texts that were cut in the middle of a character. */
const lenient = { stringFromBytes: (bytes: Uint8Array) => Buffer.from(bytes).toString() }

/** All values of a column of one row group. */
interface Column {
  name: string
  values: ArrayLike<unknown>
}

/**
 * The rows of the row groups whose first byte lies in the part, in batches; of each at most `limit`.
 * @throws NodeError where the file is no Parquet, damaged, encrypted, packed in an unknown way, or changed meanwhile
 */
export async function* readParquet(file: PartFile, limit = Infinity): AsyncGenerator<DataRecord[]> {
  const { name, from, size } = file.part
  refuseNoParquet(await file.read(0, 4), await file.read(Math.max(0, size - 4), 4), name)
  const metadata = await metadataOf(file)
  const makers = attempt(name, 'its schema', () => parquetSchema(metadata).children.map(columnValue))
  const stored = asStored(metadata)
  let counted = 0
  for (const [index, group] of stored.row_groups.entries()) {
    const start = startOf(group)
    if (start < from || start >= file.part.to) continue
    const packed = Math.max(0, Number(group.total_compressed_size ?? 0))
    // Its bytes are counted here, so the part ends behind them.
    file.part.begun = start + Math.max(1, packed)
    if (group.columns.some(({ meta_data: meta }) => meta === undefined)) throw encryptedError(name)
    const where = `row group ${index + 1} of ${stored.row_groups.length}`
    const rows = Math.min(Number(group.num_rows), limit)
    const only = { ...stored, row_groups: [group], num_rows: group.num_rows }
    const columns = await readGroup(file, only, { where, rows })
    for (let row = 0; row < rows; row += BATCH_RECORDS) {
      const end = Math.min(row + BATCH_RECORDS, rows)
      yield attempt(name, where, () => recordsOf(columns, makers, row, end))
    }
    const bytes = Math.min(file.part.to - from - counted, packed)
    file.count(bytes)
    counted += bytes
  }
  // Footer, indexes, and the pieces of row groups that began before.
  file.part.begun = file.part.to
  file.count(file.part.to - from - counted)
}

async function metadataOf(file: PartFile): Promise<FileMetaData> {
  const { name, size } = file.part
  const buffer = {
    byteLength: size,
    slice: (start: number, end = size) => slice(file, start, end),
  }
  try {
    return await parquetMetadataAsync(buffer, { geoparquet: false, parsers: lenient })
  } catch (error) {
    throw parquetError(error, name, 'its footer')
  }
}

/** All values of a row group, as they are stored, column by column. */
async function readGroup(
  file: PartFile,
  metadata: FileMetaData,
  { where, rows }: { where: string; rows: number },
): Promise<Column[]> {
  const columns: Column[] = []
  for (const { element } of parquetSchema(metadata).children) {
    try {
      columns.push(await readColumn(file, metadata, { name: element.name, rows }))
    } catch (error) {
      throw parquetError(error, file.part.name, `column ${element.name} of ${where}`)
    }
  }
  return columns
}

async function readColumn(
  file: PartFile,
  metadata: FileMetaData,
  { name, rows }: { name: string; rows: number },
): Promise<Column> {
  const pieces: ArrayLike<unknown>[] = []
  const chunks = new Map<number, ArrayBuffer>()
  for (const { meta_data: meta } of metadata.row_groups[0]!.columns) {
    if (meta!.path_in_schema[0] !== name) continue
    const start = Number(meta!.dictionary_page_offset || meta!.data_page_offset)
    const chunk = await slice(file, start, start + Number(meta!.total_compressed_size))
    checkPages(chunk, meta!)
    chunks.set(start, chunk)
  }
  await parquetRead({
    file: {
      byteLength: file.part.size,
      slice(start, end = file.part.size) {
        const known = chunks.get(start)
        return known?.byteLength === end - start ? known : slice(file, start, end)
      },
    },
    metadata,
    columns: [name],
    rowEnd: rows,
    compressors,
    parsers,
    utf8: false,
    onChunk: ({ columnData }) => void pieces.push(columnData),
  })
  const values = joined(pieces)
  const all = Number(metadata.num_rows)
  if (values.length === all || (rows < all && values.length >= rows)) return { name, values }
  throw new Error(`it holds ${values.length} rows, and the footer says ${all}`)
}

function joined(pieces: readonly ArrayLike<unknown>[]): ArrayLike<unknown> {
  if (pieces.length === 1) return pieces[0]!
  const values: unknown[] = []
  for (const piece of pieces) for (let i = 0; i < piece.length; i++) values.push(piece[i])
  return values
}

function recordsOf(
  columns: readonly Column[],
  makers: readonly ColumnValue[],
  from: number,
  to: number,
): DataRecord[] {
  const records: Record<string, unknown>[] = []
  for (let row = from; row < to; row++) records.push({})
  columns.forEach(({ name, values }, index) => {
    const make = makers[index]!
    for (let row = from; row < to; row++) {
      const value = make(values[row])
      const record = records[row - from]!
      if (name === '__proto__')
        Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true })
      else record[name] = value
    }
  })
  return records
}

/** Bytes of the file as hyparquet asks for them. What lies outside of the file is a damaged number. */
async function slice(file: PartFile, start: number, end: number): Promise<ArrayBuffer> {
  if (!(start >= 0 && end >= start && end <= file.part.size)) throw new Error('it lies outside of the file')
  const bytes = new Uint8Array(end - start)
  for (let done = 0; done < bytes.length;) {
    const piece = await file.read(start + done, bytes.length - done)
    bytes.set(piece, done)
    done += piece.length
  }
  return bytes.buffer
}

/** Where a row group begins. */
function startOf(group: RowGroup): number {
  const [first] = group.columns
  const meta = first?.meta_data
  return Number(meta?.dictionary_page_offset || meta?.data_page_offset || 4)
}

function attempt<Value>(name: string, where: string, work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    throw parquetError(error, name, where)
  }
}
