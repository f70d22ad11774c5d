/** A value in a few words, for the reasons that people read. */

const LONGEST = 40

/** "the number 5", 'the text "abc"', "a list of 3", "an object". */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
      return `the text ${JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)}`
    case 'number':
      return `the number ${value}`
    case 'bigint':
      return `the big integer ${value}`
    case 'boolean':
      return String(value)
    case 'object':
      if (Array.isArray(value)) return `a list of ${value.length}`
      if (value instanceof Date) return 'a date'
      return 'an object'
    default:
      return `a ${typeof value}`
  }
}
