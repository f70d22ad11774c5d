/** Top 5 pages of an access log with object streams: `top-pages.mjs LOG`. */
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { each, linesOf } from './line-stream.mjs'
import { printTop } from './print-top.mjs'

const counts = new Map()
const count = new Writable({
  objectMode: true,
  write(page, _encoding, done) {
    counts.set(page, (counts.get(page) ?? 0) + 1)
    done()
  },
})
await pipeline(
  ...linesOf(process.argv[2]),
  each((line) => line.split(' ', 7)[6]),
  count,
)
printTop(counts, 5)
