/** Whether a text can be UTF-8: it holds no half of a character. */

/** With `u`, halves that belong together are one character, which this does not match. */
const HALF = /\p{Surrogate}/u

export function isWellFormed(text: string): boolean {
  return !HALF.test(text)
}
