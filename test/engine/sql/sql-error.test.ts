/** What goes wrong in DuckDB, in the words of the flow. */
import { expect, test } from 'vitest'
import { NodeError } from '../../../engine/spec/node-error.ts'
import { sqlFailure } from '../../../engine/sql/sql-error.ts'

const nodes = [
  { id: 'read', type: 'file', config: { path: 'events.parquet' }, port: 'out' },
  { id: 'some', type: 'filter', config: {}, port: 'kept' },
  { id: 'users', type: 'group', config: {}, port: 'out' },
]

test.each([
  ['Out of Memory Error: failed to allocate data of size 4.0 MiB (89/91 MiB used)', 'users', 'memory limit'],
  ['Out of Memory Error: failed to offload data block of size 256.0 KiB', 'users', 'Free space'],
  ['IO Error: Could not write file "/tmp/x": No space left on device', 'users', 'Free space'],
  ['Invalid Error: Snappy decompression failure', 'read', 'Make the file anew'],
  [
    'Invalid Input Error: Invalid string encoding found in Parquet file: value "x" is not valid UTF8!',
    'read',
    'anew',
  ],
  ['Binder Error: something new', 'users', '--tier row'],
])('%s belongs to %s', (message, node, remedy) => {
  const failure = sqlFailure(new Error(message), { nodes })
  expect(failure.node).toBe(node)
  expect(failure.error.remedy).toContain(remedy)
})

test('a file that cannot be read is told in plain words', () => {
  const told =
    'Invalid Input Error: Failed to read file "/data/events-3.parquet": Unsupported compression codec "LZO".'
  const { message } = sqlFailure(new Error(told), { nodes }).error
  expect(message).toBe('events-3.parquet cannot be read: Unsupported compression codec "LZO".')
})

test('a disk that is full while a file is made belongs to the node that writes it', () => {
  const writing = [...nodes.slice(0, 2), { id: 'out', type: 'write-file', config: {}, port: 'out' }]
  const full = new Error('IO Error: Could not write file "/tmp/x": No space left on device')
  expect(sqlFailure(full, { nodes: writing }).node).toBe('out')
})

test('an error that is for people already stays as it is', () => {
  const error = new NodeError('No room.', { remedy: 'Make room.' })
  expect(sqlFailure(error, { nodes, node: 'some' })).toMatchObject({ node: 'some', error })
})
