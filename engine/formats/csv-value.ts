/** What a CSV field means where types are inferred: never a loss of digits, zeros or signs. */

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/
/** Decimals of up to 15 digits keep all of them in a double. */
const EXACT_DIGITS = 15
const DIGIT_0 = 48
const DIGIT_9 = 57
const MINUS = 45

/**
 * Empty text is null; `true` and `false` are booleans; a number is a number where the text holds nothing that the
 * number would lose: `007`, `+1`, `1e5` and 20-digit ids stay text, `1.50` is 1.5.
 */
export function inferValue(text: string): string | number | boolean | null {
  if (text === '') return null
  const first = text.charCodeAt(0)
  if (first === MINUS || (first >= DIGIT_0 && first <= DIGIT_9)) {
    const whole = wholeNumber(text, first)
    if (whole > 0) return whole
    if (!NUMBER.test(text)) return text
    const value = Number(text)
    // "-0" as a number would be written as 0.
    if (value === 0 && first === MINUS) return text
    return text.length <= EXACT_DIGITS || String(value) === text ? value : text
  }
  if (text === 'true') return true
  if (text === 'false') return false
  return text
}

/** The number that digits alone write, as most numbers are written: half of the time of the pattern. 0 where it is none. */
function wholeNumber(text: string, first: number): number {
  if (first <= DIGIT_0 || text.length > EXACT_DIGITS) return 0
  let value = first - DIGIT_0
  for (let at = 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < DIGIT_0 || code > DIGIT_9) return 0
    value = value * 10 + code - DIGIT_0
  }
  return value
}
