/** Reading flow files: good ones, broken ones, hostile ones. */
import { describe, expect, it } from 'vitest'
import { MAX_PROBLEMS } from '../../../engine/flow/check-text.ts'
import { MAX_FLOW_BYTES } from '../../../engine/flow/model.ts'
import { parseFlow } from '../../../engine/flow/parse.ts'

const minimal = { weir: 1, name: 'A', nodes: { a: { type: 'range' } }, edges: [], layout: {} }
const parse = (value: unknown) => parseFlow(JSON.stringify(value))
const only = (text: string) => {
  const { flow, problems } = parseFlow(text)
  expect(flow).toBeNull()
  expect(problems).toHaveLength(1)
  return problems[0]!
}

describe('a file that is a flow', () => {
  it('is read without problems', () => {
    expect(parse(minimal)).toEqual({ flow: minimal, problems: [] })
  })

  it('may leave out name, edges and layout', () => {
    expect(parse({ weir: 1, nodes: {} }).flow).toEqual({
      weir: 1,
      name: 'Untitled',
      nodes: {},
      edges: [],
      layout: {},
    })
  })

  it('may begin with a byte order mark', () => {
    expect(parseFlow(`\uFEFF${JSON.stringify(minimal)}`)).toEqual({ flow: minimal, problems: [] })
  })

  it('keeps unknown keys at every level and reports each with its place', () => {
    const value = {
      ...minimal,
      later: [1],
      nodes: { a: { type: 'range', colour: 'red', confg: {} } },
      edges: [{ from: 'a.out', to: 'b.in', label: 'x', capacity: { records: 5, spill: true } }],
    }
    const { flow, problems } = parse(value)
    expect(flow).toEqual(value)
    expect(problems.map(({ code, severity, at }) => [code, severity, at])).toEqual([
      ['unknown-key', 'warning', {}],
      ['unknown-key', 'warning', { node: 'a' }],
      ['unknown-key', 'warning', { node: 'a' }],
      ['unknown-key', 'warning', { edge: 'a.out->b.in' }],
      ['unknown-key', 'warning', { edge: 'a.out->b.in' }],
    ])
    expect(problems[2]!.remedy).toContain('Did you mean "config"?')
  })

  it('may name its schema for editors', () => {
    expect(parse({ $schema: 'weir.schema.json', ...minimal }).problems).toEqual([])
  })

  it('reports places of nodes that are not there', () => {
    const { flow, problems } = parse({ ...minimal, layout: { a: [1, 2], gone: [3, 4] } })
    expect(flow).not.toBeNull()
    expect(problems).toMatchObject([{ code: 'unknown-key', severity: 'warning' }])
    expect(problems[0]!.message).toBe('"gone" in "layout" is the place of a node that is not there.')
  })

  it('warns of numbers that would lose digits', () => {
    const { flow, problems } = parseFlow(
      '{"weir":1,"nodes":{"a":{"type":"list","config":{\n"id":12345678901234567890}}}}',
    )
    expect(flow).not.toBeNull()
    expect(problems).toMatchObject([{ code: 'bad-shape', severity: 'warning', at: { line: 2, column: 6 } }])
  })

  it('takes large whole numbers that are exact', () => {
    expect(parseFlow('{"weir":1,"nodes":{},"x-id":1152921504606846976}').problems).toHaveLength(1)
    expect(parseFlow('{"weir":1,"nodes":{},"x-id":1152921504606846976}').problems[0]!.code).toBe(
      'unknown-key',
    )
  })
})

describe('text that is not JSON', () => {
  it.each([
    ['{\n  "weir": 1,\n  oops\n}', 3, 3, 'a key in double quotes is expected here'],
    ['{\n  "weir": 1,\n}', 3, 1, 'a key in double quotes is expected here'],
    ['{ "weir": 1 "nodes": {} }', 1, 13, '"," or "}" is expected here'],
    ['{ "weir" 1 }', 1, 10, '":" is expected here'],
    ['[1 2]', 1, 4, '"," or "]" is expected here'],
    ['{} {}', 1, 4, 'more text follows after its end'],
    ['{ "weir": 01 }', 1, 11, 'a value is expected here'],
    ['{ "weir": NaN }', 1, 11, 'a value is expected here'],
    ['{ "a\nb": 1 }', 1, 5, 'a text is not closed on its line'],
    ['{ "a": "C:\\data" }', 1, 11, '"\\d" means nothing in JSON'],
    ['{ "a": "\\u12" }', 1, 9, '"\\u" needs four hexadecimal digits'],
    ['\u0000\u0001', 1, 1, 'a value is expected here, and there is a control character (0)'],
    ['name: Top pages', 1, 1, 'a value is expected here, and there is n'],
  ])('%j is refused with its place', (text, line, column, what) => {
    const problem = only(text)
    expect(problem).toMatchObject({ code: 'not-json', severity: 'error', at: { line, column } })
    expect(problem.message).toContain(what)
  })

  it.each([
    ['<<<<<<< ours\n{}', 'merge conflict'],
    ['{ "weir": 1, }', 'comma'],
    ['{ // a\n}', 'comments'],
    ["{ 'weir': 1 }", 'double quotes'],
  ])('%j gets a remedy that fits', (text, hint) => {
    expect(only(text).remedy).toContain(hint)
  })

  it('says of an empty file that it is empty', () => {
    expect(only('').message).toContain('it is empty')
    expect(only(' \n ').message).toContain('it is empty')
  })

  it('notices at every length that a file was cut off', () => {
    const text = JSON.stringify({
      ...minimal,
      name: 'T\u00e9st \\ "x" \u2028',
      nodes: { a: { type: 'x', config: { n: -1.5e-7, t: true, z: null } } },
    })
    for (let length = 1; length < text.length; length++) {
      const problem = only(text.slice(0, length))
      expect(problem.code).toBe('not-json')
      expect(problem.remedy).toContain('cut off')
    }
  })

  it('agrees with JSON.parse about what JSON is', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '\\',
      '1',
      '-',
      '.',
      'e',
      '0',
      'true',
      'nul',
      ' ',
      '\n',
      '\u0007',
    ]
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed % below
    }
    for (let i = 0; i < 20_000; i++) {
      const text = Array.from({ length: 1 + random(7) }, () => pieces[random(pieces.length)]).join('')
      let valid = true
      try {
        JSON.parse(text)
      } catch {
        valid = false
      }
      const isJson = !parseFlow(text).problems.some(({ code }) => code === 'not-json')
      expect([text, isJson]).toEqual([text, valid])
    }
  })
})

describe('JSON that is no flow', () => {
  it.each([
    [[], 'a list'],
    [null, 'null'],
    ['text', '"text"'],
    [{}, 'no "weir" number'],
    [{ nodes: {} }, 'no "weir" number'],
    [{ weir: '1', nodes: {} }, 'no whole number'],
    [{ weir: 0.5, nodes: {} }, 'no whole number'],
    [{ weir: 0, nodes: {} }, 'no whole number'],
    [{ weir: null, nodes: {} }, 'no whole number'],
  ])('%j is refused as such', (value, what) => {
    const problem = only(JSON.stringify(value))
    expect(problem.code).toBe('not-a-flow')
    expect(problem.message).toContain(what)
  })

  it('of a newer version is refused with both versions', () => {
    const problem = only('{"weir":7,"nodes":"of another shape"}')
    expect(problem.code).toBe('newer-version')
    expect(problem.message).toMatch(/version 7.*up to 1/)
    expect(problem.remedy).toContain('Update Weir')
  })

  it.each([
    [{ weir: 1 }, {}, '"nodes" is missing.'],
    [{ weir: 1, nodes: [] }, {}, '"nodes" must be an object, not a list.'],
    [{ weir: 1, nodes: { a: 5 } }, { node: 'a' }, 'Node "a" must be an object, not 5.'],
    [{ weir: 1, nodes: { a: {} } }, { node: 'a' }, '"type" of node "a" is missing.'],
    [
      { weir: 1, nodes: { a: { type: 'x', config: [] } } },
      { node: 'a' },
      '"config" of node "a" must be an object, not a list.',
    ],
    [
      { weir: 1, nodes: { a: { type: 'x', version: 1.5 } } },
      { node: 'a' },
      '"version" of node "a" must be a whole number, not 1.5.',
    ],
    [{ weir: 1, nodes: {}, edges: {} }, {}, '"edges" must be a list, not an object.'],
    [{ weir: 1, nodes: {}, edges: ['a.out'] }, {}, 'Edge 1 must be an object, not the text "a.out".'],
    [
      { weir: 1, nodes: {}, edges: [{ from: 'a', to: 'b.in' }] },
      { edge: 'a->b.in' },
      '"from" of edge 1 must look like "node.port".',
    ],
    [
      { weir: 1, nodes: {}, edges: [{ from: 'a.o', to: 'b.in', capacity: { records: 0 } }] },
      { edge: 'a.o->b.in' },
      '"capacity.records" of edge 1 must be at least 1.',
    ],
    [{ weir: 1, nodes: {}, layout: { a: [1] } }, { node: 'a' }, '"layout.a" must have at least 2 elements.'],
    [{ weir: 1, nodes: {}, name: 5 }, {}, '"name" must be a text, not 5.'],
  ])('%j of a bad shape is refused with its place', (value, at, message) => {
    const problem = only(JSON.stringify(value))
    expect(problem).toMatchObject({ code: 'bad-shape', at, message })
  })

  it('of a bad shape names line and column of what is wrong', () => {
    const text = '{\n  "weir": 1,\n  "nodes": {\n    "a": { "type": 5 }\n  }\n}\n'
    expect(only(text).at).toEqual({ node: 'a', line: 4, column: 20 })
  })

  it.each(['1a', 'a b', 'a.b', '', '_a', 'a'.repeat(65), 'constructor', 'toString', 'é'])(
    'refuses the node id %j',
    (id) => {
      const problem = only(JSON.stringify({ weir: 1, nodes: { [id]: { type: 'x' } } }))
      expect(problem).toMatchObject({ code: 'bad-node-id', at: { node: id } })
    },
  )

  it('with a key twice is refused, because one of the two would be lost', () => {
    const problem = only('{"weir":1,"nodes":{"a":{"type":"x"},\n"\\u0061":{"type":"y"}}}')
    expect(problem).toMatchObject({ code: 'bad-shape', at: { line: 2, column: 1 } })
    expect(problem.message).toBe('"a" is there twice in nodes.')
  })

  it('with a number beyond all bounds is refused', () => {
    expect(only('{"weir":1,"nodes":{"a":{"type":"x","config":{"n":1e999}}}}').message).toContain('1e999')
  })
})

describe('hostile text', () => {
  it('cannot hide an error behind many warnings', () => {
    const warnings = Array.from({ length: 300 }, () => '12345678901234567891').join(',')
    const { flow, problems } = parseFlow(`{"weir":1,"x":[${warnings}],"nodes":{},"nodes":{}}`)
    expect(flow).toBeNull()
    expect(problems[0]!.message).toBe('"nodes" is there twice in the flow.')
  })

  it('cannot reach the prototype by reserved keys', () => {
    const text =
      '{"weir":1,"__proto__":{"polluted":1},"nodes":{"__proto__":{"type":"x"},"a":{"type":"x","__proto__":{"polluted":1},"config":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}}}'
    const { flow, problems } = parseFlow(text)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect((flow!.nodes['a'] as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.keys(flow!.nodes)).toEqual(['a'])
    expect(flow!.nodes['a']!.config).toEqual({ constructor: { prototype: { polluted: 1 } } })
    expect(problems.map(({ code }) => code)).toEqual(Array(4).fill('unknown-key'))
    expect(problems[0]!.remedy).toContain('left out')
  })

  it('nested a million levels deep is refused', () => {
    const deep = '['.repeat(1_000_000)
    expect(only(`{"weir":1,"nodes":${deep}`).message).toContain('nested more than 100 levels deep')
    expect(only(deep + ']'.repeat(1_000_000)).code).toBe('bad-shape')
  })

  it('larger than the limit is refused unread', () => {
    expect(only(' '.repeat(MAX_FLOW_BYTES + 1))).toMatchObject({ code: 'too-large' })
    expect(only('é'.repeat(MAX_FLOW_BYTES / 2 + 1))).toMatchObject({ code: 'too-large' })
  })

  const many = (count: number, one: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => one(i)).join(',')
  it.each([
    ['random bytes', () => 'k\u0000\u00ff]{"'.repeat(1_800_000), 'not-json'],
    ['one long text', () => `"${'x'.repeat(10_000_000)}"`, 'not-a-flow'],
    ['one long number', () => '9'.repeat(10_000_000), 'not-json'],
    ['a list of numbers', () => `[${many(2_000_000, String)}]`, 'not-a-flow'],
    [
      'edges that are none',
      () => `{"weir":1,"nodes":{},"edges":[${many(2_000_000, () => '1')}]}`,
      'too-large',
    ],
    ['nodes that are none', () => `{"weir":1,"nodes":{${many(800_000, (i) => `"n${i}":1`)}}}`, 'too-large'],
    [
      'as many wrong nodes as may be',
      () => `{"weir":1,"nodes":{${many(20_000, (i) => `"n${i}":{"type":${i}}`)}}}`,
      'bad-shape',
    ],
    [
      'numbers that do not fit',
      () => `{"weir":1,"nodes":{},"x":[${many(400_000, () => '12345678901234567891')}]}`,
      'bad-shape',
    ],
  ])('10 MB of junk (%s) gives a few problems', (_, make, code) => {
    const { problems } = parseFlow(make())
    expect(problems[0]!.code).toBe(code)
    expect(problems.length).toBeLessThanOrEqual(MAX_PROBLEMS + 1)
  })

  it('gives no endless list of problems', () => {
    const nodes = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`n${i}`, {}]))
    const { problems } = parse({ weir: 1, nodes })
    expect(problems).toHaveLength(MAX_PROBLEMS + 1)
    expect(problems.at(-1)!.message).toBe('There are 400 more problems like these.')
  })
})
