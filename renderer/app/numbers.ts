/** Sizes, durations and counted words as people read them. Plain numbers: `canvas/format-numbers.ts`. */
import { formatCount } from '../canvas/format-numbers.ts'

const THIN = '\u2009'

/** 86 MB, 1.2 GB; steps of 1000, as disks and networks count. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let scaled = value
  let unit = 0
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000
    unit++
  }
  return `${scaled.toFixed(unit < 2 || scaled >= 9.95 ? 0 : 1)}${THIN}${units[unit]}`
}

/** 240 ms · 6.2 s · 3 min 20 s · 2 h 5 min */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}${THIN}ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}${THIN}s`
  const seconds = Math.round(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}${THIN}min ${seconds % 60}${THIN}s`
  return `${Math.floor(minutes / 60)}${THIN}h ${minutes % 60}${THIN}min`
}

/** Time left, without false precision: 3 s · 2 min. */
export function roughly(ms: number): string {
  if (ms < 60_000) return `${Math.max(1, Math.round(ms / 1000))}${THIN}s`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)}${THIN}min`
  return `${Math.round(ms / 3_600_000)}${THIN}h`
}

/** "1 node", "3 nodes". */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`
}
