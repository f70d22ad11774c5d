/** Numbers as the canvas writes them: thin-space thousands for totals, short forms for rates and badges. */

const THIN = '\u2009'

/** A total in full: 2 481 930. Fractions are cut, since records are counted in whole ones. */
export function formatCount(value: number): string {
  return String(Math.trunc(value)).replace(/\B(?=(\d{3})+(?!\d))/g, THIN)
}

/** The same, with a sign that says so where it is an estimate: ≈ 2 481 930. */
export function formatRecords(records: number, isAbout: boolean): string {
  return isAbout ? `≈${THIN}${formatCount(records)}` : formatCount(records)
}

const UNITS = ['', 'k', 'M', 'G', 'T']

/** At most three digits and a unit: 950, 12.3 k, 402 k, 1.2 M. Below ten with one decimal: 0.5, 9.8. */
export function formatShort(value: number): string {
  const sign = value < 0 ? '-' : ''
  let size = Math.abs(value)
  if (!Number.isFinite(size)) return '–'
  let unit = 0
  // 999.5 would round to 1000, so it already takes the next unit.
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000
    unit++
  }
  const digits = unit === 0 ? (size < 9.95 ? 1 : 0) : size < 99.95 ? 1 : 0
  const text = size.toFixed(digits).replace(/\.0$/, '')
  return unit === 0 ? `${sign}${text}` : `${sign}${text}${THIN}${UNITS[unit]}`
}

/** Records per second: 402 k/s, 50 /s. */
export function formatRate(perSecond: number): string {
  const text = formatShort(perSecond)
  return /\d$/.test(text) ? `${text}${THIN}/s` : `${text}/s`
}

/** A share of 0..1 as a whole percentage; never 100 % while something is left, never 0 % while there is something. */
export function formatPercent(share: number): string {
  const rounded = Math.round(share * 100)
  const percent = share > 0 && rounded === 0 ? 1 : share < 1 && rounded === 100 ? 99 : rounded
  return `${percent}${THIN}%`
}
