/** The declaration of `record` that the code editor completes from, made of what reached the node. */
import type { FieldInfo } from '../../engine/host/protocol.ts'

/** Where nothing is known every name is accepted. */
const UNKNOWN = 'declare const record: any;\n'

/** TypeScript text: `declare const record: { … };` */
export function recordDeclaration(fields: readonly FieldInfo[], records: readonly unknown[]): string {
  const plain = plainType(records)
  if (fields.length === 0) return plain ? `declare const record: ${plain};\n` : UNKNOWN
  const members = fields.map(({ name, type }) => `  ${keyText(name)}${memberText(type)};`).join('\n')
  const object = `{\n${members}\n}`
  // Some records of a sample may be no objects: then both are possible.
  return `declare const record: ${plain ? `${object} | ${plain}` : object};\n`
}

/** The end of a type whose field some records lack. */
const MAY_LACK = ' | undefined'

function memberText(type: string): string {
  return type.endsWith(MAY_LACK) ? `?: ${type.slice(0, -MAY_LACK.length)}` : `: ${type}`
}

function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}

/** The types of those records that are no objects: "number | string"; empty where all are objects. */
function plainType(records: readonly unknown[]): string {
  const types = new Set<string>()
  for (const record of records) {
    if (record === null) types.add('null')
    else if (Array.isArray(record)) types.add('unknown[]')
    else if (typeof record !== 'object') types.add(typeof record)
  }
  return [...types].sort().join(' | ')
}
