/** Which fields of the record a condition shows not to be null, as in `record.name && record.name.length > 3`. */
import type { Expression, Node } from 'acorn'

/** Fields that are not null where the condition holds. */
export function trueMeans(node: Node): string[] {
  const condition = node as Expression
  switch (condition.type) {
    case 'ParenthesizedExpression':
      return trueMeans(condition.expression)
    case 'LogicalExpression':
      return condition.operator === '&&' ? [...trueMeans(condition.left), ...trueMeans(condition.right)] : []
    case 'UnaryExpression':
      return condition.operator === '!' ? falseMeans(condition.argument) : []
    case 'MemberExpression':
      return fieldOf(condition)
    case 'BinaryExpression':
      return condition.operator === '!==' || condition.operator === '!='
        ? comparedWithNull(condition.left, condition.right)
        : []
    default:
      return []
  }
}

/** Fields that are not null where the condition does not hold. */
export function falseMeans(node: Node): string[] {
  const condition = node as Expression
  switch (condition.type) {
    case 'ParenthesizedExpression':
      return falseMeans(condition.expression)
    case 'LogicalExpression':
      return condition.operator === '||'
        ? [...falseMeans(condition.left), ...falseMeans(condition.right)]
        : []
    case 'UnaryExpression':
      return condition.operator === '!' ? trueMeans(condition.argument) : []
    case 'BinaryExpression':
      return condition.operator === '===' || condition.operator === '=='
        ? comparedWithNull(condition.left, condition.right)
        : []
    default:
      return []
  }
}

function comparedWithNull(left: Node, right: Node): string[] {
  const isNull = (node: Node) => {
    const literal = node as Expression
    return literal.type === 'Literal' && literal.value === null && !literal.regex
  }
  if (isNull(right)) return fieldOf(left)
  return isNull(left) ? fieldOf(right) : []
}

function fieldOf(node: Node): string[] {
  const member = node as Expression
  if (member.type !== 'MemberExpression') return []
  if (member.object.type !== 'Identifier' || member.object.name !== 'record') return []
  if (!member.computed && member.property.type === 'Identifier') return [member.property.name]
  const { property } = member
  return property.type === 'Literal' && typeof property.value === 'string' ? [property.value] : []
}
