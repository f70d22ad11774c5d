/** Looks at the pages of a Parquet column before they are unpacked, so that damaged numbers in them do no harm. */
import type { ColumnMetaData } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'

/** More values in one page than any writer puts there: a list of so many would take a gigabyte. */
const MAX_BYTES = 2 ** 30

/**
 * Checks that the pages fill the chunk, that together they hold as many values as the footer says, and that none is larger.
 * @throws Error that says what is wrong
 */
export function checkPages(chunk: ArrayBuffer, meta: ColumnMetaData): void {
  const reader = { view: new DataView(chunk), offset: 0 }
  const expected = Number(meta.num_values)
  const most = Math.min(MAX_BYTES, Number(meta.total_uncompressed_size))
  let values = 0
  while (reader.offset < chunk.byteLength - 1 && values < expected) {
    const header = parquetHeader(reader)
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header
    const data = header.data_page_header ?? header.data_page_header_v2
    const count = data?.num_values ?? header.dictionary_page_header?.num_values ?? 0
    if (!(packed >= 0 && reader.offset + packed <= chunk.byteLength))
      throw new Error('a page ends behind its column')
    if (!(unpacked >= 0 && unpacked <= most)) throw new Error('a page is larger than its column')
    if (!(count >= 0 && count <= Math.max(expected, most)))
      throw new Error('a page holds more values than its column')
    if (data) values += count
    reader.offset += packed
  }
  if (values !== expected) throw new Error(`a column holds ${values} values, and the footer says ${expected}`)
}
