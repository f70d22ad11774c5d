/** Random expressions of JavaScript over typed columns: mostly sensible ones, and some that mix kinds. */
export type Random = () => number

export interface ColumnNames {
  number: readonly string[]
  text: readonly string[]
  boolean: readonly string[]
  time: readonly string[]
}

const TEXTS = [
  '',
  'a',
  'abc',
  'b',
  'é',
  'ab',
  '😀',
  'Z',
  '2024',
  '2020-02-29T12',
  '1970-01-01',
  '5',
  '\uFF5E',
]
const NUMBERS = [
  '0',
  '1',
  '-1',
  '2',
  '0.5',
  '1.5',
  '3',
  '100',
  '1e300',
  '-0',
  'NaN',
  'Infinity',
  '4294967296',
]

export class ExpressionMaker {
  readonly #random: Random
  readonly #columns: ColumnNames

  constructor(random: Random, columns: ColumnNames) {
    this.#random = random
    this.#columns = columns
  }

  any(depth: number): string {
    return this.#one([() => this.number(depth), () => this.text(depth), () => this.boolean(depth)])
  }

  number(depth: number): string {
    if (depth <= 0) return this.#one([() => this.#field('number'), () => this.#pick(NUMBERS)])
    const some = () => this.number(depth - 1)
    const binary = (operator: string) => () => `(${some()} ${operator} ${some()})`
    return this.#one([
      () => this.#field('number'),
      () => this.#pick(NUMBERS),
      ...['+', '-', '*', '/', '%', '&&', '||', '??'].map(binary),
      () => `(- ${some()})`,
      () => `Math.${this.#pick(['floor', 'ceil', 'trunc', 'round', 'abs', 'sqrt'])}(${some()})`,
      () => `Math.${this.#pick(['min', 'max'])}(${some()}, ${some()})`,
      () => `(${this.boolean(depth - 1)} ? ${some()} : ${some()})`,
      () => `(${this.text(0)} ?? '').length`,
      () => `(+ ${this.boolean(depth - 1)})`,
    ])
  }

  text(depth: number): string {
    if (depth <= 0) return this.#one([() => this.#field('text'), () => JSON.stringify(this.#pick(TEXTS))])
    const some = () => this.text(depth - 1)
    return this.#one([
      () => this.#field('text'),
      () => JSON.stringify(this.#pick(TEXTS)),
      () => `(${some()} + ${this.any(depth - 1)})`,
      () => `(${some()} ?? ${some()})`,
      () => `(${some()} || ${some()})`,
      () => `(${this.boolean(depth - 1)} ? ${some()} : ${this.#one([some, () => 'null'])})`,
      () => `\`<\${${this.any(depth - 1)}}>\``,
    ])
  }

  boolean(depth: number): string {
    if (depth <= 0) return this.#one([() => this.#field('boolean'), () => 'true', () => 'false'])
    const some = () => this.boolean(depth - 1)
    const comparison = () => this.#pick(['<', '<=', '>', '>=', '===', '!==', '==', '!='])
    return this.#one([
      () => this.#field('boolean'),
      () => `(${this.number(depth - 1)} ${comparison()} ${this.number(depth - 1)})`,
      () => `(${this.text(depth - 1)} ${comparison()} ${this.text(0)})`,
      () => `(${this.#field('text')} ${comparison()} ${JSON.stringify(this.#pick(TEXTS))})`,
      () => `(${this.#field('time')} ${comparison()} ${this.#moment()})`,
      () =>
        `(${this.#field(this.#pick(['number', 'text', 'boolean', 'time']))} ${this.#pick(['===', '!==', '==', '!='])} ${this.#pick(['null', 'undefined'])})`,
      () => `(${this.any(depth - 1)} ${this.#pick(['===', '!=='])} ${this.any(depth - 1)})`,
      () => `(${some()} && ${some()})`,
      () => `(${some()} || ${some()})`,
      () => `!${this.any(depth - 1)}`,
      () => `(${some()} ? ${some()} : ${some()})`,
      () => `Number.isNaN(${this.number(depth - 1)})`,
      () => this.#guarded(),
    ])
  }

  #guarded(): string {
    const field = this.#field('text')
    const method = this.#pick(['startsWith', 'endsWith', 'includes'])
    const call = `${field}.${method}(${JSON.stringify(this.#pick(TEXTS))})`
    return this.#one([
      () => `!!(${field} && ${call})`,
      () => `(${field} !== null && ${call})`,
      () => `(${field} === null || ${call})`,
      () => `(${field} != null ? ${call} : false)`,
      () => `!!${call.replace(`.${method}`, `?.${method}`)}`,
      () => `(${field}?.length > 2)`,
    ])
  }

  #moment(): string {
    const year = 1900 + Math.floor(this.#random() * 200)
    return JSON.stringify(
      this.#pick([
        `${year}`,
        `${year}-06-15`,
        `${year}-01-01T00:00:00.000Z`,
        '2020-02-29T12:00:00.000000Z',
        'z',
        '',
      ]),
    )
  }

  #field(kind: keyof ColumnNames): string {
    return `record.${this.#pick(this.#columns[kind])}`
  }
  #pick<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.#random() * values.length)]!
  }
  #one(makers: readonly (() => string)[]): string {
    return this.#pick(makers)()
  }
}
