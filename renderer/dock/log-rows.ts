/** Lines of the Log tab: one row per line of text, so that printed blocks can be drawn one by one. */
import type { LogLine } from '../../engine/host/protocol.ts'

export interface LogRow {
  level: LogLine['level']
  /** "08:05:03.120"; empty on the further lines of a block. */
  time: string
  node: string
  text: string
}

export function logRows(lines: readonly LogLine[]): LogRow[] {
  return lines.flatMap((line) =>
    line.text
      .replace(/\r?\n$/, '')
      .split(/\r?\n/)
      .map((text, index) => ({
        level: line.level,
        time: index === 0 ? timeText(line.time) : '',
        node: index === 0 ? (line.node ?? '') : '',
        text,
      })),
  )
}

/** Local time of day with milliseconds. */
export function timeText(time: number): string {
  const date = new Date(time)
  const two = (value: number) => String(value).padStart(2, '0')
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
