/** Unpacks the pages of Parquet files. Node's own zlib is several times as fast as JavaScript where it has the method. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Compressors } from 'hyparquet'
import { compressors as javascript } from 'hyparquet-compressors'

/** By the name of the codec in the file. The size of what comes out is told by the page, which may be damaged. */
export const compressors: Compressors = {
  ...javascript,
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
}
