/** Fewer fields, in another order or under other names. */
import { z } from 'zod'
import { describeValue } from '../../spec/describe-value.ts'
import { field } from '../../spec/fields.ts'
import { defineProcessor } from '../../spec/node.ts'
import { isFields, putField, type Fields } from '../../spec/record-fields.ts'

const config = z.object({
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

type Config = z.infer<typeof config>

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
  each({ config }) {
    const pick = config.keep.length > 0 ? kept(config) : others(config)
    return (record, emit) => {
      if (!isFields(record))
        throw new Error(`the record is ${describeValue(record)}; only objects have fields`)
      emit['out']!(pick(record))
    }
  },
})

/** The listed fields only. */
function kept({ keep, rename }: Config): (record: Fields) => Fields {
  const names = newNames(rename)
  const pairs = keep.map((from) => ({ from, to: names.get(from) ?? from }))
  return (record) => {
    const result: Fields = {}
    for (const { from, to } of pairs) {
      if (Object.hasOwn(record, from)) putField(result, to, record[from])
    }
    return result
  }
}

/** All fields but the dropped ones. */
function others({ drop, rename }: Config): (record: Fields) => Fields {
  const names = newNames(rename)
  const dropped = new Set(drop)
  const sources = new Map(rename.map(({ from, to }) => [to, from]))
  return (record) => {
    const result: Fields = {}
    for (const name of Object.keys(record)) {
      if (dropped.has(name)) continue
      const to = names.get(name)
      if (to === undefined) {
        const source = sources.get(name)
        // Something else takes this name.
        if (source !== undefined && Object.hasOwn(record, source)) continue
      }
      putField(result, to ?? name, record[name])
    }
    return result
  }
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
