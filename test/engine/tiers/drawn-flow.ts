/** Random flows from a file to a table or a written file, each node's refused records in a table of their own. */
import type { Flow } from '../../../engine/flow/model.ts'
import { flowOf } from '../run-flow.ts'
import type { Draw } from './draw.ts'

type Config = Record<string, unknown>
type Nodes = Record<string, [string, Config?]>

/** What nodes of a flow can say about its records. */
export interface Words {
  fields: readonly string[]
  /** Expressions and sums are over values of the right kind. */
  typed?: boolean
  condition(): string
  value(): string
}

/** Words over records of any kind: some expressions fail on some of them. */
export function looseWords(draw: Draw, fields: readonly string[]): Words {
  const read = (name: string) => (/^\w+$/.test(name) ? `record.${name}` : `record[${JSON.stringify(name)}]`)
  const some = () => read(draw.one(fields))
  const literal = () =>
    draw.one(['0', '1', '2.5', "''", "'a'", "'😀'", "'2020'", 'null', 'true', '200', "'é'"])
  const condition = (): string =>
    draw.one([
      () => `${some()} ${draw.one(['===', '!==', '==', '!=', '<', '<=', '>', '>='])} ${literal()}`,
      () => `${some()} ${draw.one(['===', '<', '>'])} ${some()}`,
      () => some(),
      () => `!${some()}`,
      () => `${condition()} ${draw.one(['&&', '||'])} ${condition()}`,
      () => `${some()}.length > 1`,
      () => `${some()}?.toString().startsWith('a')`,
      () => `typeof ${some()} === 'string'`,
      () => `${some()} % 2 === 0`,
      () => `${draw.one(["'id'", "'user'", "'zone'"])} in record`,
    ])()
  const value = (): string =>
    draw.one([
      () => `${some()} * 2`,
      () => `${some()} + ${some()}`,
      () => `${some()} / 0`,
      () => '0 / 0',
      () => `${some()} - ${some()}`,
      () => `${some()}.slice(0, 2)`,
      () => `String(${some()}).toUpperCase()`,
      () => `[${some()}]`,
      () => `({ a: ${some()} })`,
      () => `${condition()} ? undefined : ${some()}`,
      () => `new Date(${some()})`,
      () => `${some()} ?? ${literal()}`,
      () => literal(),
      () => 'record.none',
    ])()
  return { fields, condition, value }
}

export interface DrawnFlow {
  flow: Flow
  /** Path of the written file, where there is one. */
  writes?: string
  /** Nodes before whose inputs everything is exact even where a take ends the flow early; all where there is none. */
  exact(node: string): boolean
}

export interface Source {
  /** Path below the folder. */
  path: string
  /** Settings of the parse node behind it. */
  parse?: Config
  words: Words
  /** Where records to join with are. */
  other: Source | undefined
}

const FUNCTIONS = ['count', 'count', 'sum', 'sum', 'avg', 'min', 'max', 'distinct']
/** Fields that mostly hold numbers, of any kind of file. */
const NUMBERS = new Set(['id', 'n', 'v', 'status', 'bytes', 'i', 'j', 'd', 'cents'])

class FlowMaker {
  readonly nodes: Nodes = {}
  readonly wires: string[] = []
  readonly #draw: Draw
  #fields: readonly string[] = []
  #words: Words | undefined
  #made = 0
  /** Nodes up to the last fold in front of a take. */
  #early: Set<string> | undefined
  #beforeFold = new Set<string>()

  constructor(draw: Draw) {
    this.#draw = draw
  }

  /** Adds a source with what parses it; returns its output. */
  source({ path, parse, words }: Source): string {
    this.#words = words
    this.#fields = [...words.fields]
    const id = this.#add('file', { path })
    return parse ? this.#behind(`${id}.out`, 'parse', parse) : `${id}.out`
  }

  /** Nodes that look at each record by itself. */
  each(from: string, plain: boolean): string {
    const { condition, value } = this.#words!
    // What only leaves records or fields out keeps a text file with the kernels.
    if (plain && this.#draw.chance(0.5)) return this.#select(from)
    if (plain) return this.#behind(from, 'filter', { condition: condition() }, 'kept')
    return this.#draw.one([
      () => this.#behind(from, 'filter', { condition: condition() }, 'kept'),
      () => this.#behind(from, 'filter', { condition: condition() }, 'kept'),
      () => {
        const field = this.#draw.chance(0.5) ? `x${this.#made}` : this.#field()
        this.#fields = [...new Set([...this.#fields, field])]
        return this.#behind(from, 'derive', { fields: [{ field, value: value() }] })
      },
      () => this.#select(from),
    ])()
  }

  fold(from: string): string {
    return this.#draw.one([
      () => this.group(from),
      () => this.group(from),
      () =>
        this.#behind(from, 'top', { by: this.#field(), n: 1 + this.#draw.below(9), order: this.#order() }),
      () => {
        const by = this.#draw.list(1 + this.#draw.below(2), () => ({
          field: this.#field(),
          order: this.#order(),
        }))
        return this.#behind(from, 'sort', { by })
      },
    ])()
  }

  later(from: string): string {
    return this.#draw.one([
      () =>
        this.#behind(
          from,
          'filter',
          { condition: `record[${JSON.stringify(this.#field())}] != null` },
          'kept',
        ),
      () => this.#behind(from, 'dedupe', { by: this.#draw.some(this.#fields, 2) }),
      () => this.fold(from),
      () => {
        this.#early = new Set(this.#beforeFold)
        return this.#behind(from, 'take', { n: 1 + this.#draw.below(30), skip: this.#draw.below(3) })
      },
    ])()
  }

  join(left: string, right: string): string {
    const key = this.#draw.one(['id', 'user', ...this.#fields.slice(0, 2)])
    const kind = this.#draw.one(['inner', 'left', 'right', 'full', 'semi', 'anti'])
    const id = this.#add('join', { kind, keys: [{ left: key }] })
    this.wires.push(`${left} -> ${id}.left`, `${right} -> ${id}.right`)
    return `${id}.out`
  }

  end(from: string, writes: string | undefined): void {
    if (writes === undefined) {
      this.nodes['out'] = ['table', { limit: 1_000_000 }]
    } else {
      this.nodes['out'] = ['write-file', { path: writes }]
      this.#errors('out')
    }
    this.wires.push(`${from} -> out.in`)
  }

  exact(node: string): boolean {
    return this.#early === undefined || this.#early.has(node)
  }

  /** The error output of one node is left without a wire: the first record that fails there ends the run. */
  cutErrors(): void {
    const wired = this.wires.filter((wire) => wire.includes('.error -> '))
    const cut = this.#draw.one(wired)
    this.wires.splice(this.wires.indexOf(cut), 1)
    delete this.nodes[cut.split(' -> ')[1]!.replace('.in', '')]
  }

  #select(from: string): string {
    const draw = this.#draw
    if (draw.chance(0.5)) {
      const keep = draw.some(this.#fields)
      this.#fields = keep
      return this.#behind(from, 'select', { keep })
    }
    const [old, ...rest] = this.#fields
    this.#fields = ['renamed', ...rest]
    return this.#behind(from, 'select', { rename: [{ from: old, to: 'renamed' }] })
  }

  group(from: string): string {
    const draw = this.#draw
    const numbers = this.#fields.filter((name) => NUMBERS.has(name))
    const typed = this.#words!.typed === true ? 0.95 : 0.6
    const by = draw.chance(0.2) ? [] : draw.some(this.#fields, 3)
    const aggregates = draw.list(1 + draw.below(3), (at) => ({
      as: `a${at}`,
      fn: draw.one(FUNCTIONS),
      field: numbers.length > 0 && draw.chance(typed) ? draw.one(numbers) : this.#field(),
    }))
    this.#fields = [...by, ...aggregates.map(({ as }) => as)]
    return this.#behind(from, 'group', { by, aggregates })
  }

  #behind(from: string, type: string, config: Config, port = 'out'): string {
    const id = this.#add(type, config)
    this.wires.push(`${from} -> ${id}.in`)
    if (['group', 'sort', 'top'].includes(type))
      this.#beforeFold = new Set(Object.keys(this.nodes).filter((one) => one !== id))
    return `${id}.${port}`
  }

  #add(type: string, config: Config): string {
    const id = `${type}${++this.#made}`
    this.nodes[id] = [type, config]
    this.#errors(id)
    return id
  }

  #errors(id: string): void {
    this.nodes[`bad-${id}`] = ['table', { limit: 1_000_000 }]
    this.wires.push(`${id}.error -> bad-${id}.in`)
  }

  #field = () => this.#draw.one(this.#fields)
  #order = () => (this.#draw.chance(0.5) ? 'asc' : 'desc')
}

/** A flow over a source: each of its nodes may meet any value. */
export function drawFlow(draw: Draw, source: Source): DrawnFlow {
  const maker = new FlowMaker(draw)
  let at = maker.source(source)
  const plain = draw.chance(0.5)
  for (let more = draw.below(4); more > 0; more--) at = maker.each(at, plain)
  const written = draw.chance(0.15)
  if (!written && draw.chance(0.85)) at = plain ? maker.group(at) : maker.fold(at)
  if (!written) for (let more = draw.below(3); more > 0; more--) at = maker.later(at)
  if (!written && source.other && draw.chance(0.2)) {
    const join = maker.source(source.other)
    at = maker.join(at, join)
  }
  const writes = written ? draw.one(['out.ndjson', 'out.csv']) : undefined
  maker.end(at, writes)
  if (draw.chance(0.12)) maker.cutErrors()
  return {
    flow: flowOf(maker.nodes, maker.wires),
    ...(writes !== undefined && { writes }),
    exact: (node) => maker.exact(node),
  }
}
