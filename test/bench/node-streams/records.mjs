/** The same as `numbers.mjs` with records of two fields: `records.mjs RECORDS`. */
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { each } from './line-stream.mjs'
import { range } from './range.mjs'

let sum = 0
await pipeline(
  Readable.from(range(Number(process.argv[2]))),
  each((n) => ({ n, m: 0 })),
  each(({ n }) => ({ n, m: n * 2 })),
  each((record) => (record.m % 3 === 0 ? record : undefined)),
  each(({ n, m }) => ({ n, m: m + 1 })),
  new Writable({
    objectMode: true,
    write({ m }, _encoding, done) {
      sum += m
      done()
    },
  }),
)
console.log(sum)
