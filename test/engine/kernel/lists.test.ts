/** Conditions that change a list, or ask whether it is the same one, do to a record what they do in the row tier. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flowOf } from '../run-flow.ts'
import { kernelRun, rowRun } from './both-tiers.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-lists-'))
  const lines = [
    { k: 'a', tags: ['b', 'a'] },
    { k: 'b', tags: ['a', 'b'], o: { x: 1 } },
    { k: 'c', tags: 'ba', o: { x: 2 } },
    { k: 'd', tags: [] },
  ]
  writeFileSync(join(folder, 'in.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('lists and objects in conditions', () => {
  it.each([
    ['record.tags.sort?.().join() === "a,b"', 'record.tags[0] === "a"'],
    ['record.tags.push?.(1) > 2', 'record.tags.length === 3'],
    ['record.tags.splice?.(0, 1)', 'record.tags.length === 1'],
    ['Object.assign(record.o ?? {}, { x: 3 })', 'record.o?.x === 3'],
    ['record.tags === record.tags', 'true'],
  ])('%s, then %s', async (first, second) => {
    const flow = flowOf(
      {
        in: ['file', { path: 'in.ndjson' }],
        first: ['filter', { condition: first }],
        second: ['filter', { condition: second }],
        group: ['group', { by: ['tags'] }],
        out: ['table'],
      },
      ['in.out -> first.in', 'first.kept -> second.in', 'second.kept -> group.in', 'group.out -> out.in'],
    )
    const row = await rowRun(flow, folder)
    expect(row.tables['out']!.length).toBeGreaterThan(0)
    expect(await kernelRun(flow, folder)).toEqual(row)
  })
})
