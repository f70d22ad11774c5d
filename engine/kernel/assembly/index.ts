/** The kernels: everything that the WebAssembly module exports. */
export { allocate, taken } from './memory.ts'
export { countLines, isPlain } from './lines.ts'
export { scanNdjson } from './ndjson.ts'
export { scanAccessLog } from './access-log.ts'
export { groupRows, mergeGroups } from './group.ts'
export { openTable } from './table.ts'
export { judgeNdjson, writeNdjson } from './json-write.ts'
export { scanCsv } from './csv.ts'
