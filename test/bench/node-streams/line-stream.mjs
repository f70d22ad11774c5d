/** A file as a stream of lines, one object a line, as one writes it with Node's streams. */
import { createReadStream } from 'node:fs'
import { Transform } from 'node:stream'

/** Cuts text into lines. */
class Lines extends Transform {
  #rest = ''

  constructor() {
    super({ readableObjectMode: true })
  }

  _transform(chunk, _encoding, done) {
    const lines = (this.#rest + chunk.toString('latin1')).split('\n')
    this.#rest = lines.pop()
    for (const line of lines) this.push(line)
    done()
  }

  _flush(done) {
    if (this.#rest !== '') this.push(this.#rest)
    done()
  }
}

/** The streams to put first into a `pipeline`. */
export function linesOf(path) {
  return [createReadStream(path, { highWaterMark: 1 << 18 }), new Lines()]
}

/** A transform of objects; nothing is sent on where `change` gives undefined. */
export function each(change) {
  return new Transform({
    objectMode: true,
    transform(value, _encoding, done) {
      const made = change(value)
      if (made === undefined) done()
      else done(null, made)
    },
  })
}
