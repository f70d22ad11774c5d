/** Expressions in brackets, which is how object literals are written, were refused as "more follows here". */
import { expect, test } from 'vitest'
import { checkExpression, compileExpression } from '../../engine/spec/expression.ts'

test('an object in brackets is one expression', () => {
  expect(compileExpression('({ name: record.first })')({ first: 'Ada' })).toEqual({ name: 'Ada' })
  expect(compileExpression('((record)) // doubled')(7)).toBe(7)
})

test('what follows the bracket is still refused, where it starts', () => {
  expect(checkExpression('(record) 5')).toMatchObject({ line: 1, column: 10 })
  expect(checkExpression('(record))')).toMatchObject({ line: 1, column: 9 })
})
