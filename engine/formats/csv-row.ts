/**
 * Splits CSV rows into fields (RFC 4180), line by line, so that a row which cannot be read costs that row only.
 * A quote inside a field that does not begin with one is a plain character, as spreadsheets read it.
 */

/** The fields of a whole row; 'open' where a quoted field goes on in the next line; or why it is no row. */
export type RowOutcome = string[] | 'open' | { reason: string }

const QUOTE = 34

/** The fields of a row without quotes. Half of the time of `split`, which is a call out of compiled code. */
export function plainFields(row: string, delimiter: string): string[] {
  const fields: string[] = []
  let count = 0
  let at = 0
  for (let end = row.indexOf(delimiter); end >= 0; end = row.indexOf(delimiter, at)) {
    fields[count++] = row.slice(at, end)
    at = end + 1
  }
  fields[count] = at === 0 ? row : row.slice(at)
  return fields
}

export class RowSplitter {
  readonly #delimiter: string
  #fields: string[] = []
  /** What was read of a quoted field whose end was not seen yet. */
  #open: string | undefined

  constructor(delimiter: string) {
    this.#delimiter = delimiter
  }

  reset(): void {
    this.#fields = []
    this.#open = undefined
  }

  /** Takes the next line, without its LF but with its CR where it has one. Work is linear in the row's length. */
  push(line: string): RowOutcome {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    let at = 0
    if (this.#open !== undefined) {
      const next = this.#quoted(text, 0)
      if (next === undefined) return this.#goOn(line, text)
      at = next
    }
    for (;;) {
      if (this.#open === undefined) {
        if (text.charCodeAt(at) !== QUOTE) {
          const end = text.indexOf(this.#delimiter, at)
          this.#fields.push(end < 0 ? text.slice(at) : text.slice(at, end))
          if (end < 0) return this.#finish()
          at = end + this.#delimiter.length
          continue
        }
        this.#open = ''
        const next = this.#quoted(text, at + 1)
        if (next === undefined) return this.#goOn(line, text)
        at = next
      }
      this.#fields.push(this.#open)
      this.#open = undefined
      if (at === text.length) return this.#finish()
      if (!text.startsWith(this.#delimiter, at)) {
        const reason = `text follows the closing quote of field ${this.#fields.length}`
        this.reset()
        return { reason }
      }
      at += this.#delimiter.length
    }
  }

  /** Adds to the open field up to its closing quote, and returns where the text goes on; nothing where it stays open. */
  #quoted(text: string, from: number): number | undefined {
    let value = this.#open ?? ''
    for (;;) {
      const quote = text.indexOf('"', from)
      if (quote < 0) {
        this.#open = value + text.slice(from)
        return undefined
      }
      const doubled = text.charCodeAt(quote + 1) === QUOTE
      value += text.slice(from, doubled ? quote + 1 : quote)
      if (!doubled) {
        this.#open = value
        return quote + 1
      }
      from = quote + 2
    }
  }

  #goOn(line: string, text: string): 'open' {
    this.#open += line.length > text.length ? '\r\n' : '\n'
    return 'open'
  }

  #finish(): string[] {
    const fields = this.#fields
    this.#fields = []
    return fields
  }
}
