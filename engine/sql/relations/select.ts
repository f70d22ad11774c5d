/** `select` as a relation: the same rows, other fields. */
import { stillUnique } from '../relation.ts'
import type { Relation, Step } from '../relation.ts'
import { refuse } from '../typed.ts'
import type { Typed } from '../typed.ts'

interface Config {
  keep: string[]
  drop: string[]
  rename: { from: string; to: string }[]
}

/** @throws Refusal */
export function selectRelation({ config, input }: Step): Relation {
  const { keep, drop, rename } = config as unknown as Config
  const newName = new Map(rename.map(({ from, to }) => [from, to]))
  const sources = new Map(rename.map(({ from, to }) => [to, from]))
  const fields = new Map<string, Typed>()
  for (const from of keep.length > 0 ? keep : input.fields.keys()) {
    const typed = input.fields.get(from)
    if (!typed || (keep.length === 0 && drop.includes(from))) continue
    const to = newName.get(from)
    const source = to === undefined ? sources.get(from) : undefined
    // A field that is renamed takes the place of one that has its new name already.
    if (keep.length === 0 && source !== undefined && input.fields.has(source)) continue
    if ((to ?? from) === '__proto__') refuse('a field that is called “__proto__”')
    fields.set(to ?? from, typed)
  }
  return stillUnique({ ...input, fields }, input)
}
