/** CSV rows: quoting, recovery after bad rows, and agreement with another CSV parser. */
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CsvOptions } from '../../../engine/formats/csv-rows.ts'
import { readRecords } from '../../../engine/formats/read-records.ts'
import { bytesOf, collect } from '../fake-context.ts'

async function read(text: string | string[], options: Partial<CsvOptions> = {}) {
  const chunks = Array.isArray(text) ? text : [text]
  const blocks = await collect(
    readRecords(bytesOf(...chunks), {
      name: 'a.csv',
      format: 'csv',
      delimiter: ',',
      header: true,
      types: 'text',
      maxLineBytes: 64 * 1024,
      ...options,
    }),
  )
  return {
    records: blocks.flatMap((block) => block.records),
    failures: blocks.flatMap((block) => block.failures),
  }
}

describe('CSV', () => {
  test('reads quoted fields with delimiters, doubled quotes and line breaks as they are', async () => {
    const { records, failures } = await read('a,b\r\n"x,1","say ""hi"""\r\n"two\r\nlines\n",\r\n')
    expect(failures).toEqual([])
    expect(records).toEqual([
      { a: 'x,1', b: 'say "hi"' },
      { a: 'two\r\nlines\n', b: '' },
    ])
  })

  test('takes a quote within an unquoted field as a plain character', async () => {
    expect((await read('size,of\n5" pipe,x\n6",y\n')).records).toEqual([
      { size: '5" pipe', of: 'x' },
      { size: '6"', of: 'y' },
    ])
  })

  test('skips blank lines, but reads them as empty fields where there is one column', async () => {
    expect((await read('\na,b\n\n1,2\n\r\n')).records).toEqual([{ a: '1', b: '2' }])
    expect(
      (await read('"x"\n\n""\n', { header: false })).records.map((record) => Object.values(record as object)),
    ).toEqual([['x'], [''], ['']])
    expect((await read('a\n1\n\n2\n')).records).toEqual([{ a: '1' }, { a: '' }, { a: '2' }])
  })

  test('names fields by position without a header, and empty names of a header too', async () => {
    expect((await read('1,2\n', { header: false })).records).toEqual([{ column1: '1', column2: '2' }])
    expect((await read(',b\n1,2\n')).records).toEqual([{ column1: '1', b: '2' }])
  })

  test('reads rows of any width, with names that objects have already', async () => {
    for (const width of [1, 200, 201, 1500]) {
      const names = Array.from(
        { length: width },
        (_, at) => ['constructor', '7', 'a "b"', '7b'][at] ?? `n${at}`,
      )
      const header = names.map((name) => `"${name.replaceAll('"', '""')}"`).join()
      const values = names.map((_, at) => `v${at}`)
      const { records } = await read(`${header}\n${values.join()}\n`)
      expect(records).toEqual([Object.fromEntries(names.map((name, at) => [name, `v${at}`]))])
      expect(Object.getPrototypeOf(records[0])).toBe(Object.prototype)
    }
  })

  test('keeps a field that is called __proto__', async () => {
    const [record] = (await read('__proto__,b\nx,y\n')).records
    expect(Object.entries(record as object)).toEqual([
      ['__proto__', 'x'],
      ['b', 'y'],
    ])
  })

  test('reads rows that cross the borders of chunks', async () => {
    const text = 'a,b\n"x\ny",1\nz,"2"\n'
    for (let cut = 1; cut < text.length; cut++) {
      const { records } = await read([text.slice(0, cut), text.slice(cut)])
      expect(records).toEqual([
        { a: 'x\ny', b: '1' },
        { a: 'z', b: '2' },
      ])
    }
  })
})

describe('CSV rows that cannot be read', () => {
  test('with too few or too many fields fail with line, counts and raw text', async () => {
    const { records, failures } = await read('a,b\n1\n1,2\n1,2,3\r\n"4\n4",5,6\n')
    expect(records).toEqual([{ a: '1', b: '2' }])
    expect(failures).toEqual([
      { line: 2, record: '1', reason: 'The row has 1 field, but the header has 2.' },
      { line: 4, record: '1,2,3', reason: 'The row has 3 fields, but the header has 2.' },
      { line: 5, record: '"4\n4",5,6', reason: 'The row has 3 fields, but the header has 2.' },
    ])
  })

  test('with text behind a closing quote cost that row only', async () => {
    const { records, failures } = await read('a,b\n"x"y,1\n2,z\n"3","w"\n')
    expect(records).toEqual([
      { a: '2', b: 'z' },
      { a: '3', b: 'w' },
    ])
    expect(failures).toEqual([
      {
        line: 2,
        record: '"x"y,1',
        reason: 'The row cannot be read: text follows the closing quote of field 1.',
      },
    ])
  })

  test('with a quote that is never closed cost that row only', async () => {
    const { records, failures } = await read('a,b\n1,2\n"3,4\n5,6\n7,8\n')
    expect(records).toEqual([
      { a: '1', b: '2' },
      { a: '5', b: '6' },
      { a: '7', b: '8' },
    ])
    expect(failures).toEqual([
      {
        line: 3,
        record: '"3,4',
        reason: 'The row cannot be read: the quote opened in line 3 is never closed.',
      },
    ])
  })

  test('with an unclosed quote before quoted rows name both lines', async () => {
    const { records, failures } = await read('a,b\n"3,4\n"5",6\n')
    expect(records).toEqual([{ a: '5', b: '6' }])
    expect(failures).toMatchObject([
      {
        line: 2,
        record: '"3,4',
        reason: expect.stringContaining('seen in line 3; is a quote missing before?'),
      },
    ])
  })

  test('with an unclosed quote are given up at the longest row, and the lines behind are read', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `${i},row number ${i}`)
    const { records, failures } = await read(`a,b\n"open,x\n${rows.join('\n')}\n`)
    expect(records).toHaveLength(5000)
    expect(failures).toMatchObject([{ line: 2, record: '"open,x' }])
  })

  test('that are not UTF-8 fail as a whole', async () => {
    const text = Buffer.concat([Buffer.from('a,b\n"x\n'), Buffer.from([0xff]), Buffer.from('y",1\n2,3\n')])
    const blocks = await collect(
      readRecords(bytesOf(text), {
        name: 'a.csv',
        format: 'csv',
        delimiter: 'auto',
        header: true,
        types: 'infer',
        maxLineBytes: 4096,
      }),
    )
    expect(blocks.flatMap((block) => block.records)).toEqual([{ a: 2, b: 3 }])
    expect(blocks.flatMap((block) => block.failures)).toMatchObject([
      { line: 2, reason: expect.stringContaining('UTF-8') },
    ])
  })

  test('in the header stop the reading', async () => {
    await expect(read('a,"b\n1,2\n')).rejects.toMatchObject({
      message: expect.stringContaining('The header of a.csv (line 1) cannot be read.'),
      field: 'header',
    })
  })

  test('never lose a line, whatever the text, and never read on for ever', async () => {
    const piece = fc.constantFrom('"', '""', ',', '\n', '\r\n', 'a', 'bc', '1')
    const text = fc.array(piece, { maxLength: 200 }).map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(text, async (body) => {
        const { records, failures } = await read(`h,i\n${body}`, { maxLineBytes: 40 })
        const kept = records.flatMap((record) => Object.values(record as object)).join('')
        const lost = failures.map((failure) => failure.record).join('')
        for (const letter of ['a', 'bc', '1']) {
          expect(kept.split(letter).length + lost.split(letter).length - 1).toBe(body.split(letter).length)
        }
      }),
      { seed: 7, numRuns: 500 },
    )
  })

  test('take linear work where every line opens a quote again', async () => {
    // Outside quotes this line opens one, inside it closes and opens one: no row ever ends.
    const line = '"",x","\n'
    const { records, failures } = await read(`a,b\n${line.repeat(20_000)}`)
    expect(records).toEqual([])
    const lines = failures.reduce((sum, failure) => sum + failure.record.split('\n').length, 0)
    expect(lines).toBe(20_000)
    // Line by line it would be 20 000 failures, each after reading thousands of lines again.
    expect(failures.length).toBeLessThan(200)
  })
})

describe('CSV and another parser', () => {
  const field = fc.array(fc.constantFrom('a', ' ', ',', ';', '"', '\n', '\r\n', 'é', '0', ''), {
    maxLength: 6,
  })
  const rows = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.array(
      fc.array(
        field.map((parts) => parts.join('')),
        { minLength: width, maxLength: width },
      ),
      {
        minLength: 1,
        maxLength: 8,
      },
    ),
  )

  test('read the same fields from what is well formed', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom('\n', '\r\n'), async (table, end) => {
        const quote = (text: string) => (/[",\r\n]|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
        const text = table.map((row) => row.map(quote).join(',')).join(end)
        const { records, failures } = await read(text, { header: false })
        expect(failures).toEqual([])
        const ours = records.map((record) => Object.values(record as object))
        expect(ours).toEqual(parse(text, { record_delimiter: end }))
        expect(ours).toEqual(table)
      }),
      { seed: 11, numRuns: 500 },
    )
  })
})
