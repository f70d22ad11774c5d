// Paths as text, and numbers as people read them.
import { describe, expect, it } from 'vitest'
import {
  absoluteFrom,
  fileNameOf,
  folderOf,
  rebasePaths,
  relativeTo,
  suggestedFileName,
} from '../../renderer/app/paths.ts'
import { bytes, count, duration, roughly } from '../../renderer/app/numbers.ts'
import { idFrom } from '../../renderer/app/drop-files.ts'
import { jsonText, parseJson } from '../../renderer/inspector/fields/json.tsx'
import { parseNumber } from '../../renderer/inspector/fields/number.tsx'
import type { NodeDescriptor } from '../../engine/host/protocol.ts'

describe('paths', () => {
  it('are split the same with both separators', () => {
    expect([folderOf('/a/b.json'), folderOf('C:\\a\\b.json'), folderOf('/b.json')]).toEqual([
      '/a',
      'C:\\a',
      '/',
    ])
    expect(fileNameOf('C:\\a\\b.json')).toBe('b.json')
  })

  it('become relative inside the folder only', () => {
    expect(relativeTo('/flows', '/flows/data/a.csv')).toBe('data/a.csv')
    expect(relativeTo('/flows', '/flows2/a.csv')).toBe('/flows2/a.csv')
    expect(relativeTo('C:\\flows', 'C:\\flows\\data\\a.csv')).toBe('data/a.csv')
    expect(absoluteFrom('/flows', 'a.csv')).toBe('/flows/a.csv')
    expect(absoluteFrom('/flows', '/other/a.csv')).toBe('/other/a.csv')
  })

  it('in settings lead to the same files after the flow moved', () => {
    const descriptors = new Map([
      [
        'file',
        {
          config: { properties: { path: { type: 'string', editor: 'path-in' } } },
        } as unknown as NodeDescriptor,
      ],
    ])
    const flow = {
      weir: 1 as const,
      name: '',
      nodes: {
        a: { type: 'file', config: { path: 'a.csv' } },
        b: { type: 'other', config: { path: 'a.csv' } },
      },
      edges: [],
      layout: {},
    }
    const moved = rebasePaths(flow, { from: '/old', to: '/new' }, descriptors)
    expect(moved.nodes['a']?.config).toEqual({ path: '/old/a.csv' })
    expect(moved.nodes['b']).toBe(flow.nodes.b)
    expect(rebasePaths(moved, { from: '/new', to: '/old' }, descriptors).nodes['a']?.config).toEqual({
      path: 'a.csv',
    })
    expect(rebasePaths(flow, { from: '/old', to: '/old' }, descriptors)).toBe(flow)
  })

  it('are suggested from the name of a flow', () => {
    expect(suggestedFileName('Top pages!')).toBe('top-pages.weir.json')
    expect(suggestedFileName('***')).toBe('flow.weir.json')
  })
})

describe('numbers', () => {
  const plain = (text: string) => text.replaceAll('\u2009', ' ')
  it('of time are as exact as they need to be', () => {
    expect([240, 6240, 200_000, 7_500_000].map((ms) => plain(duration(ms)))).toEqual([
      '240 ms',
      '6.2 s',
      '3 min 20 s',
      '2 h 5 min',
    ])
    expect([400, 95_000].map((ms) => plain(roughly(ms)))).toEqual(['1 s', '2 min'])
  })

  it('of bytes and things are short', () => {
    expect([999, 86_400_000, 1_240_000_000].map((value) => plain(bytes(value)))).toEqual([
      '999 B',
      '86 MB',
      '1.2 GB',
    ])
    expect([count(1, 'node'), count(0, 'edge')]).toEqual(['1 node', '0 edges'])
  })

  it('are read however people group them, and nothing else is', () => {
    expect(['1 000 000', '1_000', '2.5e3', '−4', '.5'].map(parseNumber)).toEqual([
      1_000_000, 1000, 2500, -4, 0.5,
    ])
    expect(['', 'ten', '1.2.3', '0x10', 'Infinity'].map(parseNumber)).toEqual([null, null, null, null, null])
  })
})

describe('typed JSON', () => {
  it('is kept as text while it does not parse', () => {
    expect(parseJson('[{"a": 1}]')).toEqual([{ a: 1 }])
    expect(parseJson('[{"a": ')).toBe('[{"a": ')
    expect(jsonText('[{"a": ')).toBe('[{"a": ')
    expect(parseJson('  ')).toBeUndefined()
  })

  it('shows lists with one element per line', () => {
    expect(jsonText([{ a: 1 }, 2])).toBe('[\n  {"a":1},\n  2\n]')
  })
})

it('a node is named after the file that was dropped', () => {
  expect(['apache_access.log.gz', '2015 sales.csv', '***.csv'].map(idFrom)).toEqual([
    'apache_access',
    'sales',
    'file',
  ])
})
