/** Says what zod found wrong in plain words: `must be at least 0`, `is missing`. */
import type { z } from 'zod'
import { childValue } from '../spec/schema-paths.ts'
import { quote } from './problem-text.ts'

type Issue = z.core.$ZodIssue

export interface PlainIssue {
  path: string[]
  /** Follows the name of the field; no full stop. */
  text: string
}

/** The issues of a failed parse of `value`, those of alternatives and keys included, as sentences with their place. */
export function plainIssues(issues: readonly Issue[], value: unknown): PlainIssue[] {
  return issues.flatMap((issue) => plain(issue, value))
}

function plain(issue: Issue, root: unknown): PlainIssue[] {
  const path = issue.path.map(String)
  const value = path.reduce<unknown>(childValue, root)
  const one = (text: string): PlainIssue[] => [{ path, text }]
  switch (issue.code) {
    case 'invalid_type':
      return one(
        value === undefined ? 'is missing' : `must be ${article(issue.expected)}, not ${shown(value)}`,
      )
    case 'too_small':
      return one(
        bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', Number(issue.minimum)),
      )
    case 'too_big':
      return one(
        bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', Number(issue.maximum)),
      )
    case 'invalid_value': {
      const values = issue.values.map((allowed) => JSON.stringify(allowed)).join(', ')
      const rule = issue.values.length === 1 ? `must be ${values}` : `must be one of ${values}`
      return one(value === undefined ? `is missing; it ${rule}` : `${rule}, not ${shown(value)}`)
    }
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], text: 'is not known here' }))
    case 'invalid_key':
      return one(`is no good as a key: ${issue.issues.map((inner) => inner.message).join('; ')}`)
    case 'invalid_element':
      return one(`holds something wrong: ${issue.issues.map((inner) => inner.message).join('; ')}`)
    case 'not_multiple_of':
      return one(`must be a multiple of ${issue.divisor}`)
    case 'invalid_union':
      return alternatives(issue, path, value) ?? one(`cannot be ${shown(value)}`)
    case 'invalid_format':
      // Our own message where the schema has one ("must look like …"), the pattern else.
      return one(
        issue.message.startsWith('Invalid')
          ? `must look like ${issue.pattern ?? issue.format}`
          : issue.message,
      )
    default:
      return one(issue.message)
  }
}

/** The issues of the alternative that comes nearest: the one that goes wrong deepest inside. */
function alternatives(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: string[],
  value: unknown,
): PlainIssue[] | undefined {
  const options = issue.errors
    .map((errors) => plainIssues(errors, value))
    .filter((issues) => issues.some((inner) => inner.path.length > 0))
    .sort((a, b) => a.length - b.length)
  return options[0]?.map((inner) => ({ path: [...path, ...inner.path], text: inner.text }))
}

function bound(origin: string, relation: string, limit: number): string {
  const many = (unit: string) => `${limit} ${unit}${limit === 1 ? '' : 's'}`
  if (origin === 'string') {
    return relation === 'at least' && limit === 1
      ? 'must not be empty'
      : `must have ${relation} ${many('character')}`
  }
  if (origin === 'array' || origin === 'set') {
    return relation === 'at least' && limit === 1
      ? 'must not be empty'
      : `must have ${relation} ${many('element')}`
  }
  return `must be ${relation} ${limit}`
}

const ARTICLES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}

function article(expected: string): string {
  return ARTICLES[expected] ?? `of type ${expected}`
}

/** A value as a person would name it. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? `the text ${quote(value)}` : String(value)
}
