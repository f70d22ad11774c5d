/** Range, times 2, keep multiples of 3, plus 1, sum, with object streams: `numbers.mjs RECORDS`. */
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { each } from './line-stream.mjs'
import { range } from './range.mjs'

let sum = 0
await pipeline(
  Readable.from(range(Number(process.argv[2]))),
  each((value) => value * 2),
  each((value) => (value % 3 === 0 ? value : undefined)),
  each((value) => value + 1),
  new Writable({
    objectMode: true,
    write(value, _encoding, done) {
      sum += value
      done()
    },
  }),
)
console.log(sum)
