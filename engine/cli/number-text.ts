/** Numbers as people read them in a terminal. */

/** Made at its first use: to load the rules of languages takes some 15 ms. */
let grouped: Intl.NumberFormat | undefined

/** 1234567 → "1,234,567". */
export function countText(count: number): string {
  grouped ??= new Intl.NumberFormat('en-US')
  return grouped.format(Math.round(count))
}

/** Three digits and a unit: 950, 12.3k, 1.20M. */
export function shortText(value: number): string {
  const units = ['', 'k', 'M', 'G', 'T']
  let power = 0
  let rest = value
  // 999.5 would round to 1000.
  while (rest >= 999.5 && power < units.length - 1) {
    rest /= 1000
    power++
  }
  const digits =
    power === 0 ? (rest < 10 && !Number.isInteger(rest) ? 1 : 0) : rest < 9.995 ? 2 : rest < 99.95 ? 1 : 0
  return rest.toFixed(digits) + units[power]
}

/** 512 → "512 B", 1234567 → "1.23 MB"; steps of 1000, as disks count. */
export function bytesText(bytes: number): string {
  const text = shortText(bytes)
  const unit = /[kMGT]$/.exec(text)?.[0] ?? ''
  return `${text.slice(0, text.length - unit.length)} ${unit}B`
}

/** 75 s → "1 min 15 s". */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
