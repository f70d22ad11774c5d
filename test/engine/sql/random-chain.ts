/** Random chains of nodes over the columns of random-table.ts, of the kind that SQL may do. */
import { ExpressionMaker } from './random-expression.ts'
import { NAMES } from './random-table.ts'

/** Id, type and settings of a node; each reads what the one before gives. */
export type Step = [string, string, Record<string, unknown>?]

/** A random chain: filters, fields, then folds, and again over what they give. */
export class ChainMaker {
  readonly #random: () => number
  readonly #maker: ExpressionMaker
  #fields: string[]
  readonly #prefix: string
  #made = 0

  /** @param prefix of the nodes' names */
  constructor(random: () => number, fields: readonly string[], prefix = 'n') {
    this.#prefix = prefix
    this.#random = random
    this.#maker = new ExpressionMaker(random, NAMES)
    this.#fields = [...fields]
  }

  steps(): Step[] {
    const steps: Step[] = []
    for (let at = this.#to(3); at > 0; at--) steps.push(this.#each())
    steps.push(this.#fold())
    if (this.#random() < 0.5) steps.push(this.#later())
    if (this.#random() < 0.6) steps.push(this.#fold())
    if (this.#random() < 0.2) steps.push([this.#id(), 'take', { n: 1 + this.#to(5) }])
    return steps
  }

  /** Fields of the records behind the last node. */
  get fields(): readonly string[] {
    return this.#fields
  }

  /** What may stand before a join: little, and mostly without a fold. */
  side(): Step[] {
    const steps: Step[] = []
    for (let at = this.#to(3); at > 0; at--) steps.push(this.#each())
    if (this.#random() < 0.3) steps.push(this.#fold())
    return steps
  }

  #each(): Step {
    const id = this.#id()
    const kind = this.#random()
    if (kind < 0.5) return [id, 'filter', { condition: this.#maker.boolean(1 + this.#to(2)) }]
    if (kind < 0.85) {
      const name = `x${this.#prefix}${this.#made}`
      this.#fields.push(name)
      return [id, 'derive', { fields: [{ field: name, value: this.#maker.any(this.#to(3)) }] }]
    }
    return [id, 'select', { drop: ['day'], rename: [{ from: 'huge', to: 'large' }] }]
  }

  #later(): Step {
    const field = this.#field()
    return [this.#id(), 'filter', { condition: `record[${JSON.stringify(field)}] !== null` }]
  }

  #fold(): Step {
    const id = this.#id()
    const kind = this.#random()
    if (kind < 0.3) {
      const by = Array.from({ length: 1 + this.#to(2) }, () => ({
        field: this.#field(),
        order: this.#order(),
      }))
      return [id, 'sort', { by }]
    }
    if (kind < 0.45) {
      const by = [...new Set(Array.from({ length: this.#to(4) }, () => this.#field()))]
      return [id, 'dedupe', { by }]
    }
    if (kind < 0.65) return [id, 'top', { by: this.#field(), n: 1 + this.#to(20), order: this.#order() }]
    const by = [...new Set(Array.from({ length: this.#to(3) }, () => this.#field()))]
    const functions = ['count', 'sum', 'min', 'max', 'avg', 'distinct']
    const aggregates = Array.from({ length: 1 + this.#to(3) }, (_, at) => ({
      as: `a${at}`,
      fn: functions[this.#to(6)]!,
      field: this.#random() < 0.5 ? ['i', 'j'][this.#to(2)]! : this.#field(),
    }))
    this.#fields = [...by, ...aggregates.map(({ as }) => as)]
    return [id, 'group', { by, aggregates }]
  }

  #id = () => `${this.#prefix}${++this.#made}`
  #to = (limit: number) => Math.floor(this.#random() * limit)
  #field = () => this.#fields[this.#to(this.#fields.length)]!
  #order = () => (this.#random() < 0.5 ? 'asc' : 'desc')
}
