/** NDJSON, sums by user, with object streams: `events-top.mjs NDJSON`. */
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { each, linesOf } from './line-stream.mjs'
import { printTop } from './print-top.mjs'

const sums = new Map()
const sum = new Writable({
  objectMode: true,
  write({ user, bytes }, _encoding, done) {
    sums.set(user, (sums.get(user) ?? 0) + bytes)
    done()
  },
})
await pipeline(
  ...linesOf(process.argv[2]),
  each((line) => JSON.parse(line)),
  each((record) => (record.status === 200 ? record : undefined)),
  sum,
)
printTop(sums, 10)
