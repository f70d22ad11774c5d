/** Whether an expression only reads fields of `record`, so that it cannot tell which other fields there are. */
import { parseExpressionAt, type Node } from 'acorn'

/**
 * True where every use of `record` is a read of a field: `record.a`, `record['a b']`, `record.a.b()`. Calls of a field
 * (`record.a()`) hand the record over as `this`, so they are not. Given up at once where code is hidden in text.
 * @param source an expression without syntax mistakes
 */
export function onlyReadsFields(source: string): boolean {
  if (/\b(?:arguments|eval|this)\b/.test(source)) return false
  return reads(parseExpressionAt(source, 0, { ecmaVersion: 2024 }), false)
}

/** Places where a field is more than read, by the kind of node: the name of its part. */
const TARGETS: Record<string, string> = {
  CallExpression: 'callee',
  TaggedTemplateExpression: 'tag',
  AssignmentExpression: 'left',
  AssignmentPattern: 'left',
  UpdateExpression: 'argument',
  UnaryExpression: 'argument',
  RestElement: 'argument',
  ArrayPattern: 'elements',
  Property: 'value',
  ForInStatement: 'left',
  ForOfStatement: 'left',
}

type Part = Node & Record<string, unknown>

/** @param target the part is what a call, an assignment or a `delete` is about */
function reads(node: Node, target: boolean): boolean {
  const part = node as Part
  if (part.type === 'Identifier') return part['name'] !== 'record'
  if (part.type === 'MemberExpression') {
    const object = part['object'] as Part
    const ofRecord = object.type === 'Identifier' && object['name'] === 'record'
    if (ofRecord ? target : !reads(object, false)) return false
    return part['computed'] !== true || reads(part['property'] as Node, false)
  }
  const targetName = part.type === 'ChainExpression' && target ? 'expression' : TARGETS[part.type]
  // `-record.a` is a read; of the unary operators only `delete` is more.
  const more = part.type !== 'UnaryExpression' || part['operator'] === 'delete'
  return Object.entries(part).every(([name, value]) => {
    const children = Array.isArray(value) ? value : [value]
    return children.every((child) => !isNode(child) || reads(child, more && name === targetName))
  })
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}
