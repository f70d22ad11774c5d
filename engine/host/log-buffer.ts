/** Log lines on their way to a client: sent in groups, bounded, with a count of what had to go. */
import type { LogLine } from './protocol.ts'

/** Lines that wait at most; older ones make room and are counted. */
const LIMIT = 1000
/** Characters of one line. */
const WIDTH = 4000

export class LogBuffer {
  #lines: LogLine[] = []
  #skipped = 0

  add(lines: readonly LogLine[]): void {
    for (const line of lines) {
      const text = line.text.length > WIDTH ? `${line.text.slice(0, WIDTH)}…` : line.text
      this.#lines.push({ ...line, text })
    }
    const over = this.#lines.length - LIMIT
    if (over > 0) {
      this.#lines.splice(0, over)
      this.#skipped += over
    }
  }

  /** Everything since the last call, oldest first. */
  take(): LogLine[] {
    const lines = this.#lines
    if (this.#skipped > 0) {
      const text = `${this.#skipped} lines came faster than they can be shown and are left out here.`
      lines.unshift({ time: lines[0]?.time ?? Date.now(), level: 'warning', text })
    }
    this.#lines = []
    this.#skipped = 0
    return lines
  }
}
