/** Which chains are written without making records. */
import { describe, expect, it } from 'vitest'
import { writeProgram } from '../../../engine/kernel/write-program.ts'
import type { ChainNode } from '../../../engine/spec/chain-node.ts'

const node = (id: string, type: string, config: Record<string, unknown>, port = 'out'): ChainNode => ({
  id,
  type,
  config,
  port,
})
const file = node('in', 'file', { path: 'a.ndjson', format: 'auto' })
const out = node('out', 'write-file', { path: 'b.jsonl', format: 'auto' })
const good = node('good', 'filter', { condition: 'record.status === 200' }, 'kept')
const kb = node('kb', 'derive', { fields: [{ field: 'kb', value: 'record.bytes / 1024' }] })

describe('a program that writes', () => {
  it('takes filters and derives between two NDJSON files', () => {
    expect(writeProgram([file, good, kb, out])).toMatchObject({
      nodes: ['in', 'good', 'kb', 'out'],
      steps: [
        { filter: 'record.status === 200', mark: 2 },
        { derive: [{ field: 'kb', value: 'record.bytes / 1024' }] },
      ],
      why: 'lines are handed on as they were read, 3 fields of each looked at',
    })
    expect(writeProgram([file, out])?.steps).toEqual([])
  })

  it.each([
    ['another format read', [node('in', 'file', { path: 'a.csv', format: 'auto' }), out]],
    ['another format written', [file, node('out', 'write-file', { path: 'b.csv', format: 'auto' })]],
    ['files of a pattern that may be anything', [node('in', 'file', { path: 'a.*', format: 'auto' }), out]],
    ['what a filter rejects', [file, { ...good, port: 'rejected' }, out]],
    ['other nodes', [file, node('s', 'sort', {}), out]],
    [
      'whole records',
      [file, node('f', 'filter', { condition: 'Object.keys(record).length > 1' }, 'kept'), out],
    ],
    ['no writer', [file, good]],
  ])('leaves %s', (_, chain) => {
    expect(writeProgram(chain)).toBeUndefined()
  })
})
