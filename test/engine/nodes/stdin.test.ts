/** The `stdin` generator. */
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { stdin } from '../../../engine/nodes/generators/stdin.ts'
import { bytesOf, runNode } from '../fake-context.ts'
import { testExamples } from './examples.ts'

testExamples(stdin)

test('stdin sends each line as soon as it is whole', async () => {
  const seen: unknown[][] = []
  async function* slow() {
    yield Buffer.from('one\ntw')
    expect(seen).toEqual([['one']])
    yield Buffer.from('o\n')
    expect(seen).toEqual([['one'], ['two']])
  }
  const run = await runNode(stdin, { stdin: slow(), sent: (_, batch) => void seen.push([...batch]) })
  expect(run.thrown).toBeUndefined()
  expect(run.bytes).toBe(8)
})

test('stdin unpacks gzip that arrives byte by byte', async () => {
  const packed = gzipSync('one\ntwo\n')
  const run = await runNode(stdin, { stdin: bytesOf(...Array.from(packed, (byte) => Uint8Array.of(byte))) })
  expect(run.out['out']).toEqual(['one', 'two'])
})

test('stdin stops waiting for a silent source when it is stopped', async () => {
  const controller = new AbortController()
  let closed = false
  const silent: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        queueMicrotask(() => controller.abort(new Error('stopped')))
        return new Promise(() => undefined)
      },
      return: async () => {
        closed = true
        return { done: true, value: undefined }
      },
    }),
  }
  const run = await runNode(stdin, { stdin: silent, controller })
  expect(run.thrown?.message).toBe('stopped')
  expect(closed).toBe(true)
})

test('stdin names itself in errors', async () => {
  const run = await runNode(stdin, { stdin: bytesOf(Buffer.from([65, 0, 66])) })
  expect(run.thrown?.message).toBe('standard input is a binary file, not text (NUL byte at offset 1).')
})
