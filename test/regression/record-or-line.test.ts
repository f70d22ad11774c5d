/** A row that a file reader refused was called "record 3, line 3", though it was the second record. */
import { expect, test } from 'vitest'
import { failureText } from '../../engine/cli/problem-lines.ts'
import { RecordFailure, runErrorOf } from '../../engine/runtime/failure.ts'

test('what came from a line of a file is found by its line alone', () => {
  const failure = { reason: 'The row has 1 field.', node: 'log', record: '3', number: 3, line: 3 }
  const error = runErrorOf(new RecordFailure(failure))
  expect(error.at).toEqual({ node: 'log', line: 3 })
  expect(failureText(error).split('\n')[0]).toBe('error log, line 3: The row has 1 field.')
})

test('any other record by its number', () => {
  const error = runErrorOf(new RecordFailure({ reason: 'No.', node: 'map', record: 5, number: 7 }))
  expect(error.at).toMatchObject({ node: 'map', recordNumber: 7 })
})
