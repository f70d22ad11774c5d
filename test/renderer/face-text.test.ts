/** The line on a node card. */
import { expect, test } from 'vitest'
import { faceText, withFileNames } from '../../renderer/canvas/face-text.ts'

test('fields in braces take the config, else the default', () => {
  expect(faceText('{rate} / s · burst {burst}', { rate: 50 }, { rate: 10, burst: 200 })).toBe(
    '50 / s · burst 200',
  )
})

test('zero and false are values, not gaps', () => {
  expect(faceText('{from} … {to} · {live}', { from: 0, live: false }, { to: 9 })).toBe('0 … 9 · false')
})

test('long whole numbers are written in groups', () => {
  expect(faceText('{from} … {to}', { from: 1, to: 100_000_000 }, {})).toBe('1 … 100\u2009000\u2009000')
  expect(faceText('{year} {rate} {code}', { year: 2026, rate: 12345.5, code: '100000' }, {})).toBe(
    '2026 12345.5 100000',
  )
})

test('a part without a value takes its separator with it', () => {
  expect(faceText('by {by} · {limit} rows', {}, { limit: 5 })).toBe('5 rows')
  expect(faceText('by {by}', undefined, {})).toBe('')
})

test('a part of plain words stays', () => {
  expect(faceText('in order', {}, {})).toBe('in order')
})

test('lists join, and a dotted path takes its field of every entry', () => {
  const config = { by: ['path', 'host'], aggregates: [{ as: 'hits' }, { as: 'bytes' }, {}] }
  expect(faceText('by {by} · {aggregates.as}', config, {})).toBe('by path, host · hits, bytes')
})

test('a dotted path walks objects and never reads inherited keys', () => {
  expect(faceText('{auth.user}{auth.toString}', { auth: { user: 'ada' } }, {})).toBe('ada')
})

test('secrets are named, never shown as objects', () => {
  expect(
    faceText('{password} {token}', { password: { $env: 'PGPASSWORD' }, token: { $secret: 'pg' } }, {}),
  ).toBe('$PGPASSWORD secret pg')
})

test('several lines become one, and a long line is cut', () => {
  expect(faceText('{code}', { code: 'const a = 1\n  return a' }, {})).toBe('const a = 1 return a')
  const cut = faceText('{code}', { code: 'x'.repeat(500) }, {})
  expect(cut).toHaveLength(80)
  expect(cut.endsWith('…')).toBe(true)
})

test('of a path the card shows the file', () => {
  const properties = { path: { editor: 'path-in' }, pattern: { type: 'string' } } as const
  const shown = (config: Record<string, unknown>) => withFileNames(config, { config: { properties } })
  expect(shown({ path: '/var/log/nginx/access.log', pattern: 'a/b' })).toEqual({
    path: 'access.log',
    pattern: 'a/b',
  })
  expect(shown({ path: String.raw`C:\logs\a.csv` })).toEqual({ path: 'a.csv' })
  expect(shown({ path: { $env: 'LOG' } })).toEqual({ path: { $env: 'LOG' } })
})
