/** What is said of a flow that cannot run, and where. */
import { describe, expect, it } from 'vitest'
import type { Flow } from '../../../engine/flow/model.ts'
import { readFlow } from '../../../engine/flow/read.ts'
import { portsFit, validateFlow } from '../../../engine/flow/validate.ts'
import type { PortType } from '../../../engine/spec/node.ts'
import { registry } from './sample-types.ts'

type Nodes = Record<string, string | Flow['nodes'][string]>

/** `wires` are "a>b" (out to in) or "a.kept>b.in". */
function flowOf(nodes: Nodes, ...wires: string[]): Flow {
  const end = (text: string, port: string) => (text.includes('.') ? text : `${text}.${port}`)
  return {
    weir: 1,
    name: 'T',
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, node]) => [id, typeof node === 'string' ? { type: node } : node]),
    ),
    edges: wires.map((wire) => {
      const [from = '', to = ''] = wire.split('>')
      return { from: end(from, 'out'), to: end(to, 'in') }
    }),
    layout: {},
  }
}
const check = (nodes: Nodes, ...wires: string[]) => validateFlow(flowOf(nodes, ...wires), registry)
const codes = (nodes: Nodes, ...wires: string[]) => check(nodes, ...wires).map(({ code }) => code)
/** Problems of one node's settings, in a flow that is fine else. */
const checkConfig = (type: string, config: Record<string, unknown>) =>
  ['source', 'numbers'].includes(type)
    ? check({ n: { type, config }, out: 'sink' }, 'n>out')
    : check(
        { g: 'numbers', n: { type, config, ...(type === 'tally' && { version: 3 }) }, out: 'sink' },
        'g>n',
        'n>out',
      )

describe('a sound flow', () => {
  it('has no problems', () => {
    expect(check({ a: 'numbers', b: 'step', c: 'sink' }, 'a>b', 'b>c')).toEqual([])
  })

  it('may leave optional outputs without a wire, and fan out and in', () => {
    const nodes = { a: 'numbers', b: 'step', c: 'step', d: 'step', e: 'sink' }
    expect(check(nodes, 'a>b', 'a>c', 'b>d', 'c>d', 'd>e')).toEqual([])
  })

  it('may hold settings of an older version, which are migrated', () => {
    expect(checkConfig('tally', { by: ['x'] })).toEqual([])
    expect(
      check({ g: 'numbers', n: { type: 'tally', config: { key: 'x' } }, out: 'sink' }, 'g>n', 'n>out'),
    ).toEqual([])
  })
})

describe('nodes', () => {
  it('a flow without any is one problem', () => {
    expect(codes({})).toEqual(['empty-flow'])
  })

  it('of an unknown type get the nearest name as remedy', () => {
    const problems = check({ a: 'numbres', b: 'sink' }, 'a>b')
    expect(problems).toMatchObject([
      { code: 'unknown-type', at: { node: 'a' }, remedy: 'Did you mean "numbers"?' },
    ])
  })

  it('of a type far from all names get no wrong guess', () => {
    expect(check({ a: 'kafka', b: 'sink' }, 'a>b')[0]!.remedy).toContain('weir nodes')
  })

  it.each(['constructor', '__proto__', 'toString'])('of type %s are unknown', (type) => {
    expect(codes({ a: type, b: 'sink' }, 'a>b')).toEqual(['unknown-type'])
  })

  it('with settings of a newer version are refused', () => {
    const [problem] = check({ a: { type: 'numbers', version: 4 }, b: 'sink' }, 'a>b')
    expect(problem).toMatchObject({ code: 'newer-node', at: { node: 'a' } })
    expect(problem!.message).toContain('version 4')
  })

  it('with an id that came over the wire unread are refused', () => {
    expect(codes({ 'a b': 'numbers', b: 'sink' }, 'a b>b')).toEqual(['bad-node-id'])
  })
})

describe('settings', () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    ['source', {}, 'path', '"Path" is missing.'],
    ['source', { path: '' }, 'path', '"Path" must not be empty.'],
    ['source', { path: 5 }, 'path', '"Path" must be a text, not 5.'],
    [
      'source',
      { path: 'x', format: 'xml' },
      'format',
      '"Format" must be one of "lines", "csv", not the text "xml".',
    ],
    ['numbers', { to: -1, from: -5 }, 'to', '"To" must be at least 0.'],
    ['numbers', { to: null }, 'to', '"To" must be a number, not null.'],
    ['tally', { by: 'path' }, 'by', '"By" must be a list, not the text "path".'],
    ['tally', { sums: [{ as: 'n' }, { as: '' }] }, 'sums.1.as', '"Name" must not be empty.'],
    ['tally', { sums: [5] }, 'sums.0', '"Sums 1" must be an object, not 5.'],
    ['numbers', { from: 20 }, 'from', 'From is behind To.'],
  ])('of %s %j are refused at the field', (type, config, field, message) => {
    expect(checkConfig(type, config)).toMatchObject([
      { code: 'bad-config', severity: 'error', at: { node: 'n', field }, message },
    ])
  })

  it('that are wrong in several places give one problem each', () => {
    expect(checkConfig('source', { path: 1, format: 2 }).map(({ at }) => at.field)).toEqual([
      'path',
      'format',
    ])
  })

  it('that are unknown are warned of, with the nearest name', () => {
    expect(checkConfig('source', { path: 'x', fromat: 'csv', also: [{ path: 'y', paht: 1 }] })).toMatchObject(
      [
        {
          code: 'unknown-config-key',
          severity: 'warning',
          at: { field: 'fromat' },
          remedy: 'Did you mean "format"?',
        },
        {
          code: 'unknown-config-key',
          severity: 'warning',
          at: { field: 'also.0.paht' },
          remedy: 'Did you mean "path"?',
        },
      ],
    )
  })

  it('that are data of the user are not searched for unknown names', () => {
    expect(checkConfig('numbers', { extra: [{ anything: 1 }] })).toEqual([])
  })

  it('nested without end are refused, not overflowed on', () => {
    let deep: unknown = 1
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(checkConfig('numbers', { extra: [deep] }).map(({ code }) => code)).toEqual(['bad-config'])
  })

  it('that a migration cannot understand are one problem', () => {
    const failing = {
      ...registry.get('tally')!,
      migrate: {
        2: () => {
          throw new Error('no key')
        },
      },
    }
    const types = new Map([...registry, ['tally', failing]])
    const flow = flowOf({ g: 'numbers', n: 'tally', out: 'sink' }, 'g>n', 'n>out')
    const problems = validateFlow(flow, types)
    expect(problems).toMatchObject([{ code: 'bad-config', at: { node: 'n' } }])
    expect(problems[0]!.message).toContain('from version 1 to 2: no key')
  })
})

describe('code in settings', () => {
  it.each<[string, Record<string, unknown>, object]>([
    ['step', { value: 'record +' }, { field: 'value', line: 1, column: 9 }],
    ['step', { value: 'record\n  .a b' }, { field: 'value', line: 2, column: 6 }],
    ['step', { body: 'const a = 1\nreturn a +' }, { field: 'body', line: 2, column: 11 }],
    ['tally', { sums: [{ as: 'a' }, { as: 'b', of: 'if (1)' }] }, { field: 'sums.1.of', line: 1, column: 1 }],
  ])('of %s %j is refused with line and column', (type, config, at) => {
    expect(checkConfig(type, config)).toMatchObject([{ code: 'bad-expression', at: { node: 'n', ...at } }])
  })

  it('is checked also where another setting is wrong', () => {
    expect(checkConfig('step', { value: '(', limit: 5 }).map(({ code }) => code)).toEqual([
      'bad-config',
      'bad-expression',
    ])
  })

  it('that is empty is one problem, not two', () => {
    expect(checkConfig('step', { value: '' })).toHaveLength(1)
  })
})

describe('secrets', () => {
  it.each<[string, Record<string, unknown>]>([
    ['password', { path: 'x', password: 'hunter2' }],
    ['path', { path: 'postgres://me:hunter2@db.example/x' }],
    ['apiToken', { path: 'x', apiToken: 'abc' }],
  ])('in %s are warned of', (field, config) => {
    const found = checkConfig('source', config).filter(({ code }) => code === 'secret-in-file')
    expect(found).toMatchObject([{ severity: 'warning', at: { node: 'n', field } }])
  })

  it('that are references, empty, or only sound alike are fine', () => {
    const config = {
      path: 'https://example.com/a:b@c',
      password: '',
      tokens: 'a',
      clientSecret: { $env: 'X' },
    }
    expect(checkConfig('source', config).filter(({ code }) => code === 'secret-in-file')).toEqual([])
  })
})

describe('wires', () => {
  it('to nodes that are not there get the nearest id, and nothing else is said of them', () => {
    expect(check({ log: 'numbers', out: 'sink' }, 'lgo>out')).toMatchObject([
      { code: 'missing-node', at: { edge: 'lgo.out->out.in' }, remedy: 'Did you mean "log"?' },
      { code: 'dead-end', at: { node: 'log' } },
    ])
    expect(codes({ log: 'numbers' }, 'log>constructor')).toEqual(['missing-node'])
  })

  it('on wrong ports list the right ones', () => {
    expect(
      check({ a: 'numbers', b: 'split', c: 'sink' }, 'a.output>b', 'b.kept>c', 'b.toString>c'),
    ).toMatchObject([
      { code: 'wrong-port', at: { edge: 'a.output->b.in' }, remedy: 'Its outputs are: out.' },
      {
        code: 'wrong-port',
        message: '"b" has no output "toString".',
        remedy: 'Its outputs are: kept, rest.',
      },
    ])
    expect(check({ a: 'numbers', c: 'sink' }, 'a>c', 'a>c.two')).toMatchObject([
      { code: 'wrong-port', remedy: 'Its inputs are: in.' },
    ])
    expect(check({ a: 'numbers', c: 'sink' }, 'a>c', 'c>a')[0]!.remedy).toContain('no outputs at all')
  })

  it('that are there twice are named once for each surplus one', () => {
    expect(codes({ a: 'numbers', b: 'sink' }, 'a>b', 'a>b', 'a>b')).toEqual(['doubled-edge', 'doubled-edge'])
  })

  it('between types that do not fit say what each end carries', () => {
    expect(check({ a: 'numbers', b: 'texts' }, 'a>b')).toMatchObject([
      {
        code: 'incompatible-ports',
        at: { edge: 'a.out->b.in' },
        message: 'a.out gives number, and b.in takes text.',
      },
    ])
  })

  it('fit by this table', () => {
    const types: PortType[] = ['any', 'text', 'record', 'number', 'error']
    const fitting = types.flatMap((from) =>
      types.filter((to) => portsFit(from, to)).map((to) => `${from}>${to}`),
    )
    expect(fitting).toEqual([
      'any>any',
      'any>text',
      'any>record',
      'any>number',
      'any>error',
      'text>any',
      'text>text',
      'record>any',
      'record>record',
      'number>any',
      'number>number',
      'error>any',
      'error>record',
      'error>error',
    ])
  })
})

describe('circles', () => {
  it('name their nodes in order', () => {
    const [problem] = check(
      { a: 'numbers', b: 'step', c: 'step', d: 'step', e: 'sink' },
      'a>b',
      'b>c',
      'c>d',
      'd>b',
      'd>e',
    )
    expect(problem).toMatchObject({ code: 'cycle', at: { node: 'b', edge: 'd.out->b.in' } })
    expect(problem!.message).toBe('The wires run in a circle: b → c → d → b.')
  })

  it('of one node with itself are found', () => {
    expect(check({ a: 'numbers', b: 'step', c: 'sink' }, 'a>b', 'b>b', 'b>c')).toMatchObject([
      { code: 'cycle', at: { node: 'b', edge: 'b.out->b.in' }, message: 'The wires run in a circle: b → b.' },
    ])
  })

  it('apart from each other are a problem each, tangled ones are one', () => {
    const nodes = { a: 'step', b: 'step', c: 'step', d: 'step', e: 'step' }
    expect(codes(nodes, 'a>b', 'b>a', 'c>d', 'd>e', 'e>c', 'd>c')).toEqual(['cycle', 'cycle'])
  })

  it('of twenty thousand nodes are found without overflow', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `n${i}`)
    const wires = ids.map((id, i) => `${id}>${ids[(i + 1) % ids.length]}`)
    const problems = validateFlow(
      flowOf(Object.fromEntries(ids.map((id) => [id, 'step'])), ...wires),
      registry,
    )
    expect(problems.map(({ code }) => code)).toEqual(['cycle'])
    expect(problems[0]!.message.length).toBeLessThan(300)
  })
})

describe('loose ends', () => {
  it('a consumer or processor that nothing flows into is named, and what waits behind it', () => {
    const problems = check({ a: 'numbers', b: 'sink', p: 'step', q: 'step', t: 'sink' }, 'a>b', 'p>q', 'q>t')
    expect(problems).toMatchObject([{ code: 'unreachable', at: { node: 'p' } }])
    expect(problems[0]!.message).toBe('Nothing flows into "p", so nothing reaches q, t.')
  })

  it('what another way reaches is not counted as starved', () => {
    const problems = check({ a: 'numbers', p: 'step', t: 'sink' }, 'a>t', 'p>t')
    expect(problems.map(({ message }) => message)).toEqual(['Nothing flows into "p".'])
  })

  it('an output without a wire is a dead end with its remedy', () => {
    const problems = check({ a: 'numbers', b: 'split' }, 'a.out>b.in').filter(
      ({ code }) => code === 'dead-end',
    )
    expect(problems).toMatchObject([{ at: { node: 'b' }, severity: 'error' }])
    expect(problems[0]!.message).toContain('The output "kept" of "b" leads nowhere')
    expect(problems[0]!.remedy).toContain('discard')
  })

  it.each(['numbers', 'step', 'sink', 'split'])('a %s wired to nothing at all is one problem', (type) => {
    const problems = check({ a: 'numbers', b: 'sink', x: type }, 'a>b')
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ at: { node: 'x' }, message: '"x" is not wired to anything.' })
  })
})

describe('reading a file in full', () => {
  it('gives problems of the text and of the flow, and settings of the present version', () => {
    const text = JSON.stringify({ weir: 1, later: 1, nodes: { t: { type: 'tally', config: { key: 'x' } } } })
    const { flow, problems } = readFlow(text, registry)
    expect(flow!.nodes['t']).toEqual({ type: 'tally', version: 3, config: { by: ['x'] } })
    expect(problems.map(({ code }) => code)).toEqual(['unknown-key', 'unreachable'])
  })

  it('gives only the text’s problems where it is no flow', () => {
    expect(readFlow('[', registry)).toMatchObject({ flow: null, problems: [{ code: 'not-json' }] })
  })
})
