/**
 * From JavaScript over `record` to SQL over known columns. What is not certain to mean the same is refused, with the
 * reason: the node is then left to the row tier.
 */
import { parseExpressionAt } from 'acorn'
import type { Expression, MemberExpression, PrivateIdentifier, SpreadElement, Super } from 'acorn'
import { compileExpression } from '../spec/expression.ts'
import { mathCall, numberCall, textCall, textLength } from './calls.ts'
import { and, compare, equal, isNothing, not, number, or, truth } from './comparing.ts'
import type { Relational } from './comparing.ts'
import { falseMeans, trueMeans } from './narrow.ts'
import { calculate, choose, negate } from './operators.ts'
import type { Arithmetic } from './operators.ts'
import { constantOf, refuse } from './typed.ts'
import type { BooleanSql, Typed } from './typed.ts'

/** Fields of the record by name; others do not exist. */
export type Columns = ReadonlyMap<string, Typed>

/** Larger expressions are nobody's by hand, and some parts of them are written out twice. */
const LONGEST = 2000
const LONGEST_SQL = 100_000

/**
 * The value of an expression.
 * @param source an expression without syntax mistakes
 * @throws Refusal
 */
export function expressionToSql(source: string, columns: Columns): Typed {
  return bounded(translatorOf(source, columns).value())
}

/** Whether the expression's value is truthy; `where` of it is fit for a WHERE. @throws Refusal */
export function conditionToSql(source: string, columns: Columns): BooleanSql {
  return bounded(translatorOf(source, columns).truth())
}

function bounded<Value extends Typed>(value: Value): Value {
  if (value.sql.length > LONGEST_SQL) refuse('an expression that grows too long')
  return value
}

function translatorOf(source: string, columns: Columns) {
  if (source.length > LONGEST) refuse('an expression that is too long')
  const tree = parseExpressionAt(source, 0, { ecmaVersion: 2024 })
  return {
    value: () => new Translator(source, columns).value(tree),
    truth: () => new Translator(source, columns).truth(tree),
  }
}

type Part = Expression | SpreadElement | Super | PrivateIdentifier

class Translator {
  readonly #source: string
  readonly #columns: Columns
  /** Fields that are not null here, as a condition around says. */
  readonly #sure: ReadonlySet<string>

  constructor(source: string, columns: Columns, sure: ReadonlySet<string> = new Set()) {
    this.#source = source
    this.#columns = columns
    this.#sure = sure
  }

  truth(node: Part): BooleanSql {
    if (node.type === 'LogicalExpression' && node.operator !== '??') {
      const left = this.truth(node.left)
      const right = this.#knowing(node.operator === '&&' ? trueMeans(node.left) : falseMeans(node.left))
      return node.operator === '&&' ? and(left, right.truth(node.right)) : or(left, right.truth(node.right))
    }
    if (node.type === 'UnaryExpression' && node.operator === '!') return not(this.truth(node.argument))
    if (node.type === 'ParenthesizedExpression') return this.truth(node.expression)
    return truth(this.value(node))
  }

  value(node: Part): Typed {
    switch (node.type) {
      case 'ParenthesizedExpression':
        return this.value(node.expression)
      case 'ChainExpression':
        return this.value(node.expression)
      case 'Literal':
        if (node.regex || node.bigint !== undefined) return refuse('regular expressions and big integers')
        return constantOf(node.value)
      case 'Identifier':
        return this.#name(node.name)
      case 'UnaryExpression':
        if (node.operator === '!') return not(this.truth(node.argument))
        if (node.operator === '-') return negate(this.value(node.argument))
        if (node.operator === '+') return number(this.value(node.argument))
        return refuse(`“${node.operator}”`)
      case 'BinaryExpression':
        return this.#binary(node.operator, node.left, node.right)
      case 'LogicalExpression':
        return this.#logical(node.operator, node.left, node.right)
      case 'ConditionalExpression': {
        const consequent = this.#knowing(trueMeans(node.test)).value(node.consequent)
        const alternate = this.#knowing(falseMeans(node.test)).value(node.alternate)
        return choose(this.truth(node.test), consequent, alternate)
      }
      case 'TemplateLiteral': {
        const parts: Typed[] = node.quasis.flatMap(({ value: { cooked } }, at) => {
          const expression = node.expressions[at]
          const text = constantOf(cooked ?? '')
          return expression ? [text, this.value(expression)] : [text]
        })
        return parts.reduce((left, right) => calculate('+', left, right))
      }
      case 'MemberExpression':
        return this.#member(node)
      case 'CallExpression':
        if (node.callee.type !== 'MemberExpression') return refuse('a call of a function')
        return this.#call(node.callee, node.arguments)
      default:
        return refuse(`“${this.#source.slice(node.start, node.end)}”`)
    }
  }

  #knowing(names: readonly string[]): Translator {
    if (names.length === 0) return this
    return new Translator(this.#source, this.#columns, new Set([...this.#sure, ...names]))
  }

  #name(name: string): Typed {
    if (name === 'undefined') return constantOf(undefined)
    if (name === 'NaN') return constantOf(NaN)
    if (name === 'Infinity') return constantOf(Infinity)
    return refuse(name === 'record' ? 'the record as a whole' : `“${name}”`)
  }

  #binary(operator: string, left: Part, right: Part): Typed {
    const a = this.value(left)
    const b = this.value(right)
    switch (operator) {
      case '===':
      case '==':
        return equal(a, b, operator === '==')
      case '!==':
      case '!=':
        return not(equal(a, b, operator === '!='))
      case '<':
      case '<=':
      case '>':
      case '>=':
        return compare(operator satisfies Relational, a, b)
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return folded(operator, a, b) ?? calculate(operator satisfies Arithmetic, a, b)
      default:
        return refuse(`“${operator}”`)
    }
  }

  #logical(operator: '&&' | '||' | '??', left: Part, right: Part): Typed {
    const a = this.value(left)
    if (operator === '??') {
      const b = this.value(right)
      if (!a.nullable) return a
      if (a.kind === 'null' || a.kind === 'undefined') return b
      const { missing: _, ...some } = a
      return choose(not(isNothing(a)), { ...some, nullable: false } as Typed, b)
    }
    const b = this.#knowing(operator === '&&' ? trueMeans(left) : falseMeans(left)).value(right)
    if (a.kind === 'boolean' && b.kind === 'boolean' && !a.nullable && !b.nullable)
      return operator === '&&' ? and(a, b) : or(a, b)
    return operator === '&&' ? choose(truth(a), b, a) : choose(truth(a), a, b)
  }

  #member(node: MemberExpression): Typed {
    const name = memberName(node)
    if (node.object.type === 'Identifier' && node.object.name === 'record') return this.#field(name)
    if (name !== 'length') return refuse(`.${name}`)
    const object = this.#object(node)
    return textLength(object)
  }

  #field(name: string): Typed {
    const column = this.#columns.get(name)
    if (!column) return name in Object.prototype ? refuse(`the field “${name}”`) : constantOf(undefined)
    return this.#sure.has(name) ? { ...column, nullable: false } : column
  }

  /** The text before the dot. One that may be null would throw. */
  #object(node: MemberExpression) {
    const object = this.value(node.object)
    if (object.kind !== 'text') return refuse('methods of other values than texts')
    if (object.nullable && !node.optional) return refuse('a text that may be null')
    return object
  }

  #call(callee: MemberExpression, args: readonly Part[]): Typed {
    const name = memberName(callee)
    if (callee.object.type === 'Identifier') {
      if (callee.object.name === 'Math')
        return mathCall(
          name,
          args.map((arg) => this.value(arg)),
        )
      if (callee.object.name === 'Number')
        return numberCall(
          name,
          args.map((arg) => this.value(arg)),
        )
      return refuse('a call of a function')
    }
    return textCall(
      name,
      this.#object(callee),
      args.map((arg) => this.value(arg)),
    )
  }
}

function memberName({ property, computed }: MemberExpression): string {
  if (!computed && property.type === 'Identifier') return property.name
  if (property.type === 'Literal' && typeof property.value === 'string') return property.value
  return refuse('a field whose name is worked out')
}

/** Two constants are worked out beforehand, by JavaScript. */
function folded(operator: Arithmetic, a: Typed, b: Typed): Typed | undefined {
  if (a.kind !== 'number' || b.kind !== 'number') return undefined
  if (a.constant === undefined || b.constant === undefined) return undefined
  return constantOf(compileExpression<number>(`a ${operator} b`, ['a', 'b'])(a.constant, b.constant))
}
