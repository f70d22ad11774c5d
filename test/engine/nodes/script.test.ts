/** Script: what its return value means, what it may touch, and how its mistakes are told. */
import { expect, test } from 'vitest'
import { script } from '../../../engine/nodes/processors/script.ts'
import { runOneNode } from '../one-node.ts'

async function scripted(body: string, records: unknown[]) {
  const { out, outcome } = await runOneNode(script, { config: { body }, input: { in: [records] } })
  expect(outcome).toEqual({ phase: 'done' })
  return out
}

async function reason(body: string, record: unknown = {}): Promise<string> {
  const { error } = await scripted(body, [record])
  return (error![0] as { reason: string }).reason
}

test('null drops the record, also after emit, and other empty values are records', async () => {
  expect(await scripted('return null', [1])).toEqual({})
  expect(await scripted('emit(record)\nreturn null', [1])).toEqual({ out: [1] })
  expect(await scripted('return record', [0, '', false])).toEqual({ out: [0, '', false] })
})

test('sets fields of its own copy, not of the record that others hold', async () => {
  const record = Object.freeze({ a: 1 })
  const list = Object.freeze([3, 1])
  expect(await scripted('record.a++\nreturn record', [record])).toEqual({ out: [{ a: 2 }] })
  expect(await scripted('return record.sort()', [list])).toEqual({ out: [[1, 3]] })
  expect(record).toEqual({ a: 1 })
})

test('counts records from 0, failed ones too', async () => {
  const { out } = await scripted('if (index === 1) throw new Error("no")\nreturn index', ['a', 'b', 'c'])
  expect(out).toEqual([0, 2])
})

test('nothing that a failed record emitted is sent', async () => {
  const { out, error } = await scripted('emit(1)\nif (record.bad) throw new Error("late")', [
    { bad: true },
    {},
  ])
  expect(out).toEqual([1])
  expect(error).toMatchObject([
    { number: 1, record: { bad: true }, field: 'body', reason: 'late (line 2 of the script)' },
  ])
})

test('mistakes carry the line of the script, also inside its own functions', async () => {
  expect(await reason('throw new Error("first")')).toBe('first (line 1 of the script)')
  expect(await reason('const f = () => {\n  return missing\n}\nreturn [1].map(f)')).toBe(
    'missing is not defined (line 2 of the script)',
  )
  expect(await reason('throw "just text"')).toBe('just text')
})

test('a misspelt variable fails instead of leaking into all later records', async () => {
  expect(await reason('total = 1\nreturn total')).toBe('total is not defined (line 1 of the script)')
})

test('an answer that comes later is refused, and so is emitting then', async () => {
  expect(await reason('return Promise.reject(new Error("unheard"))')).toBe(
    'the script returned a promise; it must answer at once',
  )
  const later =
    'Promise.resolve().then(() => emit(2)).catch((error) => record.heard(error.message))\nreturn 1'
  const heard: string[] = []
  expect(await scripted(later, [{ heard: (message: string) => heard.push(message) }])).toEqual({ out: [1] })
  expect(heard).toEqual(['emit was called after the script had returned'])
})

test('emitting for ever ends in an error, not in a full memory', async () => {
  expect(await reason('for (;;) emit(1)')).toBe(
    'the script emitted more than 1000000 records for one (line 1 of the script)',
  )
})
