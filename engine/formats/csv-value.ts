/** What a CSV field means where types are inferred: never a loss of digits, zeros or signs. */

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/
/** Decimals of up to 15 digits keep all of them in a double. */
const EXACT_DIGITS = 15

/**
 * Empty text is null; `true` and `false` are booleans; a number is a number where the text holds nothing that the
 * number would lose: `007`, `+1`, `1e5` and 20-digit ids stay text, `1.50` is 1.5.
 */
export function inferValue(text: string): string | number | boolean | null {
  if (text === '') return null
  const first = text.charCodeAt(0)
  if (first === 45 || (first >= 48 && first <= 57)) {
    if (!NUMBER.test(text)) return text
    const value = Number(text)
    // "-0" as a number would be written as 0.
    if (value === 0 && first === 45) return text
    return text.length <= EXACT_DIGITS || String(value) === text ? value : text
  }
  if (text === 'true') return true
  if (text === 'false') return false
  return text
}
