/** Text in, structure out. */
import { z } from 'zod'
import { accessLogReader } from '../../formats/access-log.ts'
import { splitCsvLine } from '../../formats/csv-line.ts'
import { describeValue } from '../../spec/describe-value.ts'
import { reasonOf } from '../../spec/expression.ts'
import { field } from '../../spec/fields.ts'
import { defineProcessor } from '../../spec/node.ts'
import { fieldReader, isFields, putField, type Fields } from '../../spec/record-fields.ts'

const config = () =>
  z.object({
    as: field(z.enum(['json', 'csv', 'regex', 'access-log']).default('json'), {
      title: 'Format',
      description: 'What the text is.',
    }),
    field: field(z.string().default(''), {
      title: 'Field',
      description: 'The field that holds the text. Empty: the record itself is the text.',
      editor: 'field',
    }),
    keep: field(z.boolean().default(false), {
      title: 'Keep other fields',
      description: 'With a field set: keep the record’s other fields beside what was parsed.',
    }),
    columns: field(z.array(z.string().min(1)).default([]), {
      title: 'Columns',
      description: 'The names of the values of a row, in order.',
      editor: 'fields',
      when: { as: ['csv'] },
    }),
    delimiter: field(z.string().length(1).default(','), {
      title: 'Delimiter',
      description: 'The character between two values.',
      when: { as: ['csv'] },
    }),
    pattern: field(z.string().default(''), {
      title: 'Pattern',
      description: 'A regular expression; each named group `(?<name>…)` becomes a field.',
      placeholder: '(?<level>\\w+): (?<text>.*)',
      when: { as: ['regex'] },
    }),
    flags: field(
      z
        .string()
        .regex(/^[imsuv]*$/, 'may hold i, m, s, u and v')
        .default(''),
      {
        title: 'Flags',
        description:
          'i: upper and lower case alike · m: ^ and $ at every line · s: . takes line breaks · u, v: Unicode.',
        when: { as: ['regex'] },
      },
    ),
  })

type Config = z.infer<ReturnType<typeof config>>

export const parse = defineProcessor<Config>({
  type: 'parse',
  title: 'Parse',
  summary: 'Reads JSON, CSV rows, access-log lines or any pattern out of text.',
  docs: `Takes each record as text, or the text in one **field** of it, and gives what the text says.

| format | gives |
|---|---|
| \`json\` | the JSON value |
| \`csv\` | an object with the named **columns**, every value a text; quotes as in RFC 4180 |
| \`regex\` | an object with the named groups of the **pattern**; a group that took no part is null |
| \`access-log\` | \`host\`, \`user\`, \`time\` (ISO 8601, UTC), \`method\`, \`path\`, \`protocol\`, \`status\`, \`bytes\`, \`referrer\`, \`agent\` |

With a field, **keep** puts the other fields of the record beside what was parsed; parsed ones win where names are equal. A parsed value that is not an object stays under the field's name.

**Access logs**: common and combined format, told apart line by line; common lines have no referrer and agent (null). \`-\` becomes null; \`ident\` appears only where the log has one. \`path\` is as logged, query included. Where the request is not one of HTTP (a port scan, a time-out) method, path and protocol are null and \`request\` has its text. A line cut off within the agent is taken as far as it goes; whatever follows the agent is kept in \`extra\`.

**Bad input**: text that does not fit the format, a CSV row with too few or too many values, and a record or field that is not text leave by **error** with the reason.`,
  config,
  check: checkConfig,
  look: { icon: 'scan-text', face: '{as} {field}' },
  laws: { stateless: true, ordered: true, conserves: true, holds: 0 },
  examples: [
    {
      title: 'JSON, and text that is not',
      config: {},
      in: { in: ['{"id": 7}', 'oops'] },
      out: {
        out: [{ id: 7 }],
        error: [
          {
            reason: `not JSON: Unexpected token 'o', "oops" is not valid JSON`,
            node: 'parse',
            record: 'oops',
            number: 2,
          },
        ],
      },
    },
    {
      title: 'CSV rows',
      config: { as: 'csv', columns: ['name', 'city'] },
      in: { in: ['Ada,London', '"Hopper, Grace","New ""York"""', 'Alan'] },
      out: {
        out: [
          { name: 'Ada', city: 'London' },
          { name: 'Hopper, Grace', city: 'New "York"' },
        ],
        error: [
          { reason: 'the row has 1 value, 2 columns are named', node: 'parse', record: 'Alan', number: 3 },
        ],
      },
    },
    {
      title: 'A pattern, keeping the other fields',
      config: { as: 'regex', field: 'line', keep: true, pattern: '^(?<level>[A-Z]+): (?<text>.*)' },
      in: { in: [{ file: 'a.log', line: 'WARN: low disk' }] },
      out: { out: [{ file: 'a.log', level: 'WARN', text: 'low disk' }] },
    },
    {
      title: 'An access log in common format',
      config: { as: 'access-log' },
      in: {
        in: [
          '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326',
          'not a log line at all',
        ],
      },
      out: {
        out: [
          {
            host: '127.0.0.1',
            user: 'frank',
            time: '2000-10-10T20:55:36Z',
            method: 'GET',
            path: '/apache_pb.gif',
            protocol: 'HTTP/1.0',
            status: 200,
            bytes: 2326,
            referrer: null,
            agent: null,
          },
        ],
        error: [
          {
            reason:
              'not a line of an access log: a time such as [17/May/2015:10:05:03 +0000] expected at column 11',
            node: 'parse',
            record: 'not a log line at all',
            number: 2,
          },
        ],
      },
    },
  ],
  each({ config }) {
    const parseText = textParser(config)
    const read = fieldReader(config.field)
    const { field: name, keep } = config
    return (record, emit) => {
      const text = read(record)
      if (typeof text !== 'string') throw notText(text, name)
      const value = parseText(text)
      emit['out']!(keep && name !== '' ? beside(record as Fields, name, value) : value)
    }
  },
})

function textParser(config: Config): (text: string) => unknown {
  switch (config.as) {
    case 'json':
      return parseJson
    case 'csv':
      return csvParser(config.columns, config.delimiter)
    case 'regex':
      return patternParser(new RegExp(config.pattern, config.flags))
    case 'access-log':
      return accessLogReader()
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`not JSON: ${reasonOf(error)}`, { cause: error })
  }
}

function csvParser(columns: readonly string[], delimiter: string): (text: string) => Fields {
  return (text) => {
    const values = splitCsvLine(text, delimiter)
    if (values.length !== columns.length) {
      const count = `${values.length} ${values.length === 1 ? 'value' : 'values'}`
      throw new Error(`the row has ${count}, ${columns.length} columns are named`)
    }
    const record: Fields = {}
    for (let i = 0; i < columns.length; i++) putField(record, columns[i]!, values[i])
    return record
  }
}

function patternParser(pattern: RegExp): (text: string) => Fields {
  return (text) => {
    const groups = pattern.exec(text)?.groups
    if (!groups) throw new Error('the text does not match the pattern')
    const record: Fields = {}
    for (const name in groups) putField(record, name, groups[name] ?? null)
    return record
  }
}

/** The other fields of the record, and what was parsed. */
function beside(record: Fields, name: string, value: unknown): Fields {
  if (!isFields(value)) return { ...record, [name]: value }
  const { [name]: _text, ...others } = record
  return { ...others, ...value }
}

function notText(value: unknown, name: string): Error {
  if (name !== '') return new Error(`the field ${JSON.stringify(name)} is ${describeValue(value)}, not text`)
  const remedy = isFields(value) ? '; set “field” to the one that holds the text' : ''
  return new Error(`the record is ${describeValue(value)}, not text${remedy}`)
}

function checkConfig({ as, columns, pattern, flags, delimiter }: Config): Record<string, string> {
  const found: Record<string, string> = {}
  if (as === 'csv') {
    if (columns.length === 0) found['columns'] = 'Name the columns of a row.'
    if (new Set(columns).size < columns.length) found['columns'] = 'Two columns have the same name.'
    if (/["\r\n]/.test(delimiter)) found['delimiter'] = 'A quote or a line break cannot be the delimiter.'
  }
  if (as === 'regex') {
    const mistake = mistakeInPattern(pattern, flags)
    if (mistake !== undefined) found['pattern'] = mistake
  }
  return found
}

function mistakeInPattern(pattern: string, flags: string): string | undefined {
  if (pattern === '') return 'Type a pattern with named groups: (?<name>…).'
  try {
    const { source } = new RegExp(pattern, flags)
    // With an empty alternative it matches anything, and then tells its named groups.
    const groups = new RegExp(`${source}|`, flags).exec('')?.groups
    return groups ? undefined : 'Name at least one group: (?<name>…).'
  } catch (error) {
    return `${reasonOf(error)}.`
  }
}
