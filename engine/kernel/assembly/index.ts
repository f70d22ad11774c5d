/** The kernels: everything that the WebAssembly module exports. */
export { allocate } from './memory.ts'
export { countLines, isPlain } from './lines.ts'
export { scanNdjson } from './ndjson.ts'
