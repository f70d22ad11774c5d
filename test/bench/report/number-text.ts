/** Numbers of the bench as people read them: three digits that count. */

/** Three significant digits, never as a power of ten. */
export function digits(value: number): string {
  if (value === 0) return '0'
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(decimals, 3))
}

export function secondsText(seconds: number): string {
  return seconds < 1 ? `${digits(seconds * 1000)} ms` : `${digits(seconds)} s`
}

export function bytesText(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

export function rateText(perSecond: number): string {
  if (perSecond >= 1e6) return `${digits(perSecond / 1e6)} M/s`
  return perSecond >= 1e3 ? `${digits(perSecond / 1e3)} k/s` : `${digits(perSecond)} /s`
}

export function factorText(factor: number): string {
  return `${digits(factor)} ×`
}

/** A part as hundredths. */
export function partText(part: number): string {
  return `${(part * 100).toFixed(1)} %`
}

/** A whole number in groups of three. */
export function countText(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ' ')
}
