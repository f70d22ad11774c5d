/** Fewer fields, in another order or under other names. */
import { z } from 'zod'
import { compileWith } from '../../spec/compile-with.ts'
import { describeValue } from '../../spec/describe-value.ts'
import { field } from '../../spec/fields.ts'
import { defineProcessor, type DataRecord } from '../../spec/node.ts'
import { putField, type Fields } from '../../spec/record-fields.ts'
import { literalText, recordShaper } from '../../spec/record-shaper.ts'

const config = () =>
  z.object({
    keep: field(z.array(z.string().min(1)).default([]), {
      title: 'Keep',
      description: 'The fields to keep, in this order. Empty: all.',
      editor: 'fields',
    }),
    drop: field(z.array(z.string().min(1)).default([]), {
      title: 'Drop',
      description: 'The fields to leave out.',
      editor: 'fields',
    }),
    rename: field(
      z
        .array(
          z.object({
            from: field(z.string().min(1), {
              title: 'From',
              description: 'The field’s name now.',
              editor: 'field',
            }),
            to: field(z.string().min(1), { title: 'To', description: 'Its new name.' }),
          }),
        )
        .default([]),
      { title: 'Rename', description: 'New names for fields; all at once, so that two may swap.' },
    ),
  })

type Config = z.infer<ReturnType<typeof config>>

export const select = defineProcessor<Config>({
  type: 'select',
  title: 'Select',
  summary: 'Keeps, drops and renames fields.',
  docs: `Makes a new record with the **kept** fields in the given order (all of them, in their own order, where the list is empty), without the **dropped** ones, under their **new names**. Names are those of the record's own fields; for a nested value use **derive** first.

A field that a record does not have stays missing. A renamed field takes the place of one that already has the new name.

**Bad input**: a record that is not an object has no fields and leaves by **error**.`,
  config,
  check: checkConfig,
  look: { icon: 'columns-3', face: '{keep} {drop} {rename.to}' },
  laws: { stateless: true, ordered: true, conserves: true, holds: 0 },
  examples: [
    {
      title: 'Some fields, in a new order',
      config: { keep: ['path', 'status'] },
      in: { in: [{ status: 200, path: '/', agent: 'x' }, { path: '/a' }] },
      out: { out: [{ path: '/', status: 200 }, { path: '/a' }] },
    },
    {
      title: 'Without one field, and another renamed',
      config: { drop: ['agent'], rename: [{ from: 'path', to: 'page' }] },
      in: { in: [{ status: 200, path: '/', agent: 'x' }] },
      out: { out: [{ status: 200, page: '/' }] },
    },
    {
      title: 'A record without fields',
      config: { keep: ['path'] },
      in: { in: [42] },
      out: {
        error: [
          {
            reason: 'the record is the number 42; only objects have fields',
            node: 'select',
            record: 42,
            number: 1,
          },
        ],
      },
    },
  ],
  eachSource({ config }, emit) {
    return {
      body: `
        if (typeof record !== 'object' || record === null || weir_isArray(record)) weir_refuse(record)
        ${emit('out', 'weir_pick(record)')}`,
      returns: true,
      values: {
        weir_isArray: Array.isArray,
        weir_pick: config.keep.length > 0 ? kept(config) : others(config),
        weir_refuse: refuse,
      },
    }
  },
})

function refuse(record: DataRecord): never {
  throw new Error(`the record is ${describeValue(record)}; only objects have fields`)
}

/** The listed fields only. */
function kept({ keep, rename }: Config): (record: Fields) => Fields {
  const names = newNames(rename)
  const pairs = keep.map((from) => ({ from, to: names.get(from) ?? from }))
  const some = (record: Fields): Fields => {
    const result: Fields = {}
    for (const { from, to } of pairs) {
      if (Object.hasOwn(record, from)) putField(result, to, record[from])
    }
    return result
  }
  // A name that every object inherits may not be the record's own.
  if (keep.some((name) => name in Object.prototype)) return some
  const reads = pairs.map(({ from }, at) => `const value${at} = record[${JSON.stringify(from)}]`)
  const missing = pairs.map((_, at) => `value${at} === undefined`).join(' || ')
  const all = literalText(pairs.map(({ to }, at) => ({ to, value: `value${at}` })))
  // Nearly all records have all of the fields; those are made by one literal.
  return compileWith(
    `return (record) => {
      ${reads.join('\n')}
      const plain = weir_prototypeOf(record) === weir_plainPrototype
      return !plain || ${missing} ? weir_some(record) : ${all}
    }`,
    { weir_some: some, weir_prototypeOf: Object.getPrototypeOf, weir_plainPrototype: Object.prototype },
  )
}

/** All fields but the dropped ones. */
function others({ drop, rename }: Config): (record: Fields) => Fields {
  const newName = newNames(rename)
  const dropped = new Set(drop)
  const sources = new Map(rename.map(({ from, to }) => [to, from]))
  const fieldsFor = (names: readonly string[]) => {
    const fields = new Map<string, string>()
    for (const name of names) {
      if (dropped.has(name)) continue
      const to = newName.get(name)
      const source = to === undefined ? sources.get(name) : undefined
      // Something else takes this name.
      if (source !== undefined && names.includes(source)) continue
      fields.set(to ?? name, name)
    }
    return [...fields].map(([to, from]) => ({ to, from }))
  }
  return recordShaper(fieldsFor, (record) => {
    const result: Fields = {}
    for (const { from, to } of fieldsFor(Object.keys(record))) putField(result, to, record[from])
    return result
  })
}

function newNames(rename: Config['rename']): Map<string, string> {
  return new Map(rename.map(({ from, to }) => [from, to]))
}

/** Settings that contradict each other would lose a field without a word. */
function checkConfig({ keep, drop, rename }: Config): Record<string, string> {
  const found: Record<string, string> = {}
  const result = new Set<string>()
  const names = newNames(rename)
  for (const [index, name] of keep.entries()) {
    const to = names.get(name) ?? name
    if (result.has(to)) found[`keep.${index}`] = `Two kept fields would be called “${to}”.`
    result.add(to)
  }
  for (const [index, name] of drop.entries()) {
    if (keep.includes(name)) found[`drop.${index}`] = `“${name}” is also to be kept.`
  }
  for (const [index, { from, to }] of rename.entries()) {
    if (drop.includes(from)) found[`rename.${index}.from`] = `“${from}” is also to be dropped.`
    else if (keep.length > 0 && !keep.includes(from)) found[`rename.${index}.from`] = `“${from}” is not kept.`
    if (rename.findIndex((other) => other.from === from) < index) {
      found[`rename.${index}.from`] = `“${from}” is renamed twice.`
    }
    if (rename.findIndex((other) => other.to === to) < index) {
      found[`rename.${index}.to`] = `Two fields would be called “${to}”.`
    }
  }
  return found
}
