/** Sniffing data files: which node reads them, with which config. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { pathFrom, sniff } from '../../../engine/host/sniff.ts'
import { file } from '../../../engine/nodes/generators/file.ts'
import { runNode, temporaryFolder } from '../fake-context.ts'

const LOG_LINE = '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET /index.html HTTP/1.1" 200 203'

/** The answer for a file with this content; fails the test where it is none. */
async function sniffed(name: string, content: string | Uint8Array) {
  const folder = temporaryFolder()
  writeFileSync(join(folder, name), content)
  const reply = await sniff(join(folder, name), folder)
  if (!reply.ok) throw new Error(`${reply.message} ${reply.remedy}`)
  return { reply, folder }
}

describe('sniff', () => {
  test('gives a CSV file its config, preview and typed fields', async () => {
    const text = `id;name;score\n${Array.from({ length: 30 }, (_, i) => `${i};"a;b";${i % 2 ? '' : i / 2}`).join('\n')}\n`
    const { reply } = await sniffed('people.csv', text)
    expect(reply.node).toEqual({ type: 'file', config: { path: 'people.csv' } })
    expect(reply.next).toBeUndefined()
    expect(reply.title).toBe('people.csv')
    expect(reply.sizeBytes).toBe(text.length)
    expect(reply.preview).toHaveLength(20)
    expect(reply.preview[0]).toEqual({ id: 0, name: 'a;b', score: 0 })
    expect(reply.fields).toEqual([
      { name: 'id', type: 'number' },
      { name: 'name', type: 'string' },
      { name: 'score', type: 'number | null' },
    ])
  })

  test('sees that a CSV file has no header, or one that names a field twice', async () => {
    expect((await sniffed('a.csv', '1,x\n2,y\n')).reply.node.config).toEqual({ path: 'a.csv', header: false })
    const twice = (await sniffed('b.tsv', 'x\tx\n1\t2\n')).reply
    expect(twice.node.config).toEqual({ path: 'b.tsv', header: false })
    expect(twice.preview[1]).toEqual({ column1: 1, column2: 2 })
  })

  test('knows NDJSON by its name, and by its lines under other names', async () => {
    const text = '{"a":1}\n{"a":null,"b":[1]}\n'
    const { reply } = await sniffed('x.jsonl', text)
    expect(reply.node.config).toEqual({ path: 'x.jsonl' })
    expect(reply.fields).toEqual([
      { name: 'a', type: 'number | null' },
      { name: 'b', type: 'number[] | undefined' },
    ])
    expect((await sniffed('x.json', text)).reply.node.config).toEqual({ path: 'x.json', format: 'ndjson' })
    expect((await sniffed('x.log', text)).reply.node.config).toEqual({ path: 'x.log', format: 'ndjson' })
  })

  test.each(['access.log', 'access.txt', 'access.log.1'])(
    'puts a parser behind an access log: %s',
    async (name) => {
      const { reply } = await sniffed(name, `${LOG_LINE}\n${LOG_LINE}\n`)
      expect(reply.node.config).toEqual({ path: name })
      expect(reply.next).toEqual({ type: 'parse', config: { as: 'access-log' } })
      expect(reply.preview).toEqual([LOG_LINE, LOG_LINE])
      expect(reply.fields).toEqual([])
    },
  )

  test('puts none behind other text', async () => {
    expect((await sniffed('notes.txt', 'Dear diary,\n\ntoday\n')).reply.next).toBeUndefined()
  })

  test('looks into gzip, and reads a little of a large file only', async () => {
    const text = `${LOG_LINE}\n`.repeat(200_000)
    const { reply } = await sniffed('access.log.gz', gzipSync(text))
    expect(reply.next?.config).toEqual({ as: 'access-log' })
    expect(reply.preview).toHaveLength(20)
    const csv = await sniffed('a.csv.gz', gzipSync('a,b\n1,2\n'))
    expect(csv.reply).toMatchObject({ node: { config: { path: 'a.csv.gz' } }, preview: [{ a: 1, b: 2 }] })
  })

  test('does not show the line at which its look ends', async () => {
    const { reply } = await sniffed('a.csv', `a,b\n${`"${'x'.repeat(30_000)}",1\n`.repeat(5)}`)
    expect(reply.preview).toHaveLength(2)
  })

  test('parses a JSON document of one line, and says how to convert one of many', async () => {
    const { reply } = await sniffed('a.json', '[{"a":1},{"a":2}]')
    expect(reply.node.config).toEqual({ path: 'a.json' })
    expect(reply.next).toEqual({ type: 'parse', config: { as: 'json' } })
    await expect(sniffed('b.json', '[\n {"a":1},\n {"a":2}\n]')).rejects.toThrow(/one JSON document.*jq -c/)
  })

  test('takes an empty file', async () => {
    expect((await sniffed('a.csv', '')).reply).toMatchObject({ preview: [], fields: [], sizeBytes: 0 })
  })

  test.each([
    ['a.csv', 'a;b\n1;2\n'],
    ['a.csv', '1|2\n3|4\n'],
    ['a.tsv', 'x\ty,z\n1\t2\n'],
    ['a.log', '{"a":1}\n'],
    ['a.ndjson.gz', gzipSync('{"a":1}\n{"a":2}')],
  ])('shows the records that the node then reads: %s', async (name, content) => {
    const { reply, folder } = await sniffed(name, content)
    const run = await runNode(file, { folder, config: reply.node.config })
    expect(run.thrown).toBeUndefined()
    expect(run.out['out']).toEqual(reply.preview)
  })
})

describe('sniff of what is no data file', () => {
  test.each([
    ['gone.csv', 'There is no file'],
    ['folder', 'is a folder'],
    ['image.png', 'is a binary file'],
    ['cut.gz', 'is cut off'],
  ])('answers with the reason: %s', async (name, reason) => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'folder'))
    writeFileSync(join(folder, 'image.png'), Buffer.from([0x89, 0x50, 0, 0]))
    writeFileSync(join(folder, 'cut.gz'), gzipSync('x'.repeat(1000)).subarray(0, 15))
    const reply = await sniff(name, folder)
    expect(reply).toMatchObject({ ok: false, remedy: expect.stringMatching(/\.$/) })
    expect(!reply.ok && reply.message).toContain(reason)
  })

  test.runIf(process.platform === 'linux')('answers for a device at once', async () => {
    expect(await sniff('/dev/zero', '/tmp')).toMatchObject({
      ok: false,
      message: expect.stringContaining('device'),
    })
  })
})

test.each([
  ['/a/b', '/a/b/c/d.csv', 'c/d.csv'],
  ['/a/b', '/a/d.csv', '../d.csv'],
  ['/a/b/c', '/a/x/d.csv', '../../x/d.csv'],
  ['/a/b/c', '/d.csv', '/d.csv'],
  ['', '/a/d.csv', '/a/d.csv'],
])('from %j the path of %s is %s', (folder, path, expected) => expect(pathFrom(folder, path)).toBe(expected))
