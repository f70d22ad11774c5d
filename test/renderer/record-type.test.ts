// The declaration of `record` that the code editor completes from.
import { expect, it } from 'vitest'
import { recordDeclaration } from '../../renderer/code/record-type.ts'

it('lists the fields with their types, those that may be missing as optional', () => {
  const fields = [
    { name: 'path', type: 'string' },
    { name: 'bytes', type: 'number | undefined' },
    { name: 'user-agent', type: 'string | null' },
  ]
  expect(recordDeclaration(fields, [{ path: '/' }])).toBe(
    'declare const record: {\n  path: string;\n  bytes?: number;\n  "user-agent": string | null;\n};\n',
  )
})

it('is the plain type where records are no objects', () => {
  expect(recordDeclaration([], [1, 2, 'three'])).toBe('declare const record: number | string;\n')
  expect(recordDeclaration([], [[1], null])).toBe('declare const record: null | unknown[];\n')
})

it('allows both where a sample holds both', () => {
  expect(recordDeclaration([{ name: 'a', type: 'number' }], [{ a: 1 }, 'x'])).toBe(
    'declare const record: {\n  a: number;\n} | string;\n',
  )
})

it('accepts every name where nothing is known', () => {
  expect(recordDeclaration([], [])).toBe('declare const record: any;\n')
})
