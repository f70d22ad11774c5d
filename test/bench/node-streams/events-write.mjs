/** NDJSON to NDJSON with object streams: `events-write.mjs FROM TO`. */
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { each, linesOf } from './line-stream.mjs'

const [, , from, to] = process.argv
await pipeline(
  ...linesOf(from),
  each((line) => JSON.parse(line)),
  each((record) => (record.status === 200 ? record : undefined)),
  each((record) => ({ ...record, kb: Math.floor(record.bytes / 1024), slow: record.ms > 500 })),
  each((record) => `${JSON.stringify(record)}\n`),
  createWriteStream(to),
)
