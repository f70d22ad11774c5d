/** The `file` generator: formats, gzip, and every kind of bad input. */
import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { file } from '../../../engine/nodes/generators/file.ts'
import { FakeRecordFailure, runNode, temporaryFolder } from '../fake-context.ts'
import type { FakeOptions } from '../fake-context.ts'
import { testExamples } from './examples.ts'

testExamples(file)

function read(name: string, content: string | Uint8Array, options: FakeOptions = {}) {
  const folder = temporaryFolder()
  writeFileSync(join(folder, name), content)
  return runNode(file, { folder, ...options, config: { path: name, ...options.config } })
}

describe('file as text', () => {
  test('takes CRLF, a byte order mark and a last line without an end', async () => {
    const run = await read('a.txt', '\ufeffone\r\ntwo\r\nthrée')
    expect(run.out['out']).toEqual(['one', 'two', 'thrée'])
  })

  test('keeps lines whole where they cross the borders of reads, also in the middle of a character', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `${i} ${'é€😀'.repeat(i % 7)}`)
    const run = await read('a.txt', lines.join('\n'))
    expect(run.out['out']).toEqual(lines)
    expect(Math.max(...run.batches.map((batch) => batch.length))).toBeLessThanOrEqual(1024)
  })

  test('sends a line that is not UTF-8 to error with its number, and goes on', async () => {
    const run = await read('a.txt', Buffer.from('good\nb\xffd\nalso good\n', 'latin1'))
    expect(run.out['out']).toEqual(['good', 'also good'])
    expect(run.errors).toEqual([
      {
        reason: 'The line is not valid UTF-8; unreadable bytes are shown as �.',
        node: 'file',
        record: 'b�d',
        number: 2,
        line: 2,
      },
    ])
  })

  test('stops at a bad line where nothing is wired to error', async () => {
    const run = await read('a.txt', Buffer.from('good\nb\xffd\n', 'latin1'), { errorWired: false })
    expect(run.thrown).toBeInstanceOf(FakeRecordFailure)
    expect((run.thrown as FakeRecordFailure).failure.line).toBe(2)
  })

  test('sends a line with NUL bytes deep in the file to error', async () => {
    const run = await read('a.txt', `${'x'.repeat(99)}\n`.repeat(1000) + 'a\0b\nend\n')
    expect(run.out['out']).toHaveLength(1001)
    expect(run.errors).toMatchObject([{ line: 1001, reason: 'The line holds NUL bytes, so it is no text.' }])
  })

  test('gives no records for an empty file', async () => {
    const run = await read('a.txt', '')
    expect(run.thrown).toBeUndefined()
    expect(run.batches).toEqual([])
  })
})

describe('file that cannot be read', () => {
  test('that is missing is said with its path and a remedy', async () => {
    const run = await runNode(file, { folder: '/nowhere', config: { path: 'gone.txt' } })
    expect(run.thrown).toMatchObject({
      name: 'NodeError',
      message: 'There is no file /nowhere/gone.txt.',
      remedy: 'Check the path; a relative one counts from the folder of the flow file.',
      field: 'path',
    })
  })

  test('that is a folder is said to be one', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'data'))
    const run = await runNode(file, { folder, config: { path: 'data' } })
    expect(run.thrown).toMatchObject({ message: `${folder}/data is a folder, not a file.`, field: 'path' })
  })

  test('under a path that goes through a file is said to be missing', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'a'), '')
    const run = await runNode(file, { folder, config: { path: 'a/b' } })
    expect(run.thrown?.message).toContain('a part of this path is a file')
  })

  test.runIf(process.platform === 'linux')(
    'that the system refuses to read is said with the reason',
    async () => {
      // Readable by nobody: its content is another address space, at offset 0.
      const run = await runNode(file, { config: { path: '/proc/self/mem' } })
      expect(run.thrown).toMatchObject({ name: 'NodeError', field: 'path' })
      expect(run.thrown?.message).toContain('/proc/self/mem could not be read')
    },
  )

  test('that is binary is refused', async () => {
    const run = await read('a.txt', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]))
    expect(run.thrown).toMatchObject({
      message: 'a.txt is a binary file, not text (NUL byte at offset 4).',
      remedy: expect.stringContaining('text file'),
    })
    expect(run.out).toEqual({})
  })

  test('that is UTF-16 is refused with the way to convert it', async () => {
    const run = await read('a.csv', Buffer.from('\ufeffa,b\n', 'utf16le'))
    expect(run.thrown).toMatchObject({
      message: 'a.csv is UTF-16 text; only UTF-8 can be read.',
      remedy: expect.stringContaining('iconv'),
    })
  })

  test.each([
    ['one that ends', '\n'],
    ['one that never ends', ''],
  ])('with a line that is too long is refused with its number: %s', async (_, end) => {
    const run = await read('a.txt', `short\n${'x'.repeat(400_000)}${end}`, {
      config: { maxLineBytes: 300 * 1024 },
    })
    expect(run.thrown).toMatchObject({
      message: 'Line 2 of a.txt is longer than 300 KiB.',
      remedy: expect.stringContaining('maxLineBytes'),
      field: 'maxLineBytes',
    })
  })

  test('with a line of 200 MB is left after the longest line allowed', async () => {
    const folder = temporaryFolder()
    const piece = Buffer.alloc(10_000_000, 'x')
    for (let i = 0; i < 20; i++) writeFileSync(join(folder, 'a.txt'), piece, { flag: 'a' })
    const run = await runNode(file, { folder, config: { path: 'a.txt' } })
    expect(run.thrown?.message).toBe('Line 1 of a.txt is longer than 16 MiB.')
    // It has not read on: one read more than the bound at most.
    expect(run.bytes).toBeLessThanOrEqual(16 * 1024 * 1024 + 256 * 1024)
  })
})

describe('gzipped file', () => {
  const text = Array.from({ length: 50_000 }, (_, i) => `{"id":${i}}`).join('\n')

  test('is unpacked, its format known by the name before .gz, its progress in packed bytes', async () => {
    const packed = gzipSync(text)
    const run = await read('a.ndjson.gz', packed)
    expect(run.out['out']).toHaveLength(50_000)
    expect(run.out['out']?.at(-1)).toEqual({ id: 49_999 })
    expect(run.progress.at(-1)).toEqual([packed.length, packed.length])
    expect(run.bytes).toBe(packed.length)
  })

  test('is known by its first bytes, whatever its name', async () => {
    expect((await read('a.txt', gzipSync('x\ny'))).out['out']).toEqual(['x', 'y'])
    expect((await read('b.txt.gz', 'x\ny')).out['out']).toEqual(['x', 'y'])
  })

  test('of several members is read to the end', async () => {
    const run = await read('a.gz', Buffer.concat([gzipSync('x\n'), gzipSync('y\n')]))
    expect(run.out['out']).toEqual(['x', 'y'])
  })

  test('that is cut off fails after the records before the cut', async () => {
    const packed = gzipSync(text)
    const run = await read('a.ndjson.gz', packed.subarray(0, packed.length / 2))
    expect(run.thrown).toMatchObject({
      message: 'a.ndjson.gz is cut off: its gzip data ends before its end.',
      remedy: expect.stringContaining('whole file'),
    })
    expect(run.out['out']?.length).toBeGreaterThan(1000)
  })

  test('that is damaged fails with a remedy', async () => {
    const packed = gzipSync(text)
    packed.fill(0xff, packed.length / 2, packed.length / 2 + 100)
    const run = await read('a.gz', packed)
    expect(run.thrown?.message).toMatch(/^a\.gz holds damaged gzip data/)
    expect(run.thrown?.remedy).toContain('gzip -t')
  })
})

describe('file that is stopped', () => {
  test('ends with the reason of the signal when its output is stopped', async () => {
    const controller = new AbortController()
    const run = await read('a.txt', 'line\n'.repeat(100_000), {
      controller,
      sent: () => controller.abort(new Error('enough')),
    })
    expect(run.thrown?.message).toBe('enough')
    expect(run.batches).toHaveLength(1)
  })

  test('waits for room before it sends or reads on', async () => {
    let waiting = 0
    const run = await read('a.txt', 'line\n'.repeat(100_000), {
      sent: async () => {
        expect(++waiting).toBe(1)
        await new Promise((resolve) => setImmediate(resolve))
        waiting--
      },
    })
    expect(run.thrown).toBeUndefined()
    expect(run.out['out']).toHaveLength(100_000)
  })
})

describe('file as CSV', () => {
  test('knows tabs by .tsv and guesses other delimiters', async () => {
    expect((await read('a.tsv', 'a\tb,c\n1\tx\n')).out['out']).toEqual([{ a: 1, 'b,c': 'x' }])
    expect((await read('a.csv', 'a;b\n1,5;x\n')).out['out']).toEqual([{ a: '1,5', b: 'x' }])
  })

  test('refuses a header that names a field twice', async () => {
    const run = await read('a.csv', 'id,name,id\n1,x,2\n')
    expect(run.thrown).toMatchObject({
      message: 'The header of a.csv (line 1) names "id" twice.',
      remedy: expect.stringContaining('turn off the header'),
      field: 'header',
    })
  })

  test('is empty with a header only', async () => {
    const run = await read('a.csv', 'id,name\n')
    expect(run.thrown).toBeUndefined()
    expect(run.batches).toEqual([])
    expect(run.errors).toEqual([])
  })
})

describe('file as NDJSON', () => {
  test('sends lines that are not JSON to error with number and raw text', async () => {
    const run = await read('a.jsonl', '{"id":1}\n{"id":\n  \n{"id":3}\n')
    expect(run.out['out']).toEqual([{ id: 1 }, { id: 3 }])
    expect(run.errors).toMatchObject([{ line: 2, number: 2, record: '{"id":', node: 'file' }])
    expect(run.errors[0]?.reason).toMatch(/^The line is not JSON: .+\.$/)
  })
})

describe('several files', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'a[1]/deep'), { recursive: true })
  const put = (name: string, content: string | Uint8Array) =>
    writeFileSync(join(folder, 'a[1]', name), content)
  put('10.csv', 'a\n1\n')
  put('9.csv', 'b;c\n2;3\n4\n')
  put('deep/x.ndjson', '{"d":4}\n')
  put('y.log.gz', gzipSync('five\n'))
  put('.hidden.csv', 'a\n6\n')
  const readAll = (path: string, at = join(folder, 'a[1]')) => runNode(file, { folder: at, config: { path } })

  test('are read in the order of their names, each by its own format, header and packing', async () => {
    const run = await readAll('{*.csv,**/*.ndjson,*.gz}')
    expect(run.out['out']).toEqual([{ a: 1 }, { b: 2, c: 3 }, { d: 4 }, 'five'])
    expect(run.errors).toMatchObject([
      { reason: '9.csv: The row has 1 field, but the header has 2.', line: 3, record: '4' },
    ])
    const sizes = ['10.csv', '9.csv', 'deep/x.ndjson', 'y.log.gz'].map(
      (name) => statSync(join(folder, 'a[1]', name)).size,
    )
    const total = sizes.reduce((a, b) => a + b, 0)
    expect(run.progress.at(-1)).toEqual([total, total])
    expect(run.bytes).toBe(total)
  })

  test('take absolute patterns and those that lead up', async () => {
    const up = await readAll('../a?1?/1*.csv')
    expect(up.out['out']).toEqual([{ a: 1 }])
    const plain = temporaryFolder()
    writeFileSync(join(plain, 'one.txt'), '1\n')
    expect((await readAll(join(plain, '*.txt'))).out['out']).toEqual(['1'])
  })

  test('fail where nothing matches', async () => {
    const { thrown } = await readAll('*.parquet')
    expect(thrown?.message).toBe('No file matches *.parquet.')
    expect(thrown).toMatchObject({ field: 'path', remedy: expect.stringContaining('pattern') as string })
  })

  test('a file of exactly this name is no pattern', async () => {
    put('x[1].txt', 'itself\n')
    put('x1.txt', 'other\n')
    expect((await readAll('x[1].txt')).out['out']).toEqual(['itself'])
  })

  test('are shared between workers, packed ones whole', async () => {
    const config = file.config.parse({ path: '{*.csv,*.gz}' })
    const io = { resolve: (path: string) => join(folder, 'a[1]', path) }
    const split = file.split!({ config, io }, { parts: 3 })!
    const out = []
    for (const share of split.parts) {
      const run = await runNode(file, { folder: join(folder, 'a[1]'), config, parts: [share] })
      out.push(...(run.out['out'] ?? []))
    }
    expect(out).toEqual([{ a: 1 }, { b: 2, c: 3 }, 'five'])
  })
})

describe('a file that changes while one worker reads it', () => {
  const content = 'one line\n'.repeat(100_000)

  function changed(name: string, bytes: string | Uint8Array, change: (path: string) => void) {
    const folder = temporaryFolder()
    const path = join(folder, name)
    writeFileSync(path, bytes)
    let sent = false
    return runNode(file, {
      folder,
      config: { path: name },
      sent() {
        if (!sent) change(path)
        sent = true
      },
    })
  }

  const changes = [
    ['is cut off', (path: string) => truncateSync(path, 300_000)],
    ['is rewritten in place', (path: string) => utimesSync(path, 1, 1)],
    ['is written anew, and shorter', (path: string) => writeFileSync(path, content.slice(9))],
  ] as const
  test.each(changes)('fails where it %s', async (_, change) => {
    const run = await changed('a.txt', content, change)
    expect(run.thrown?.message).toMatch(/a\.txt changed while it was being read\.$/)
    expect(run.thrown).toMatchObject({ field: 'path', remedy: expect.stringMatching(/copy/) })
  })

  test('fails where it is packed, too', async () => {
    // What hardly packs is not all read when its first records leave.
    const lines = randomBytes(6_000_000).toString('hex').replaceAll(/.{80}/g, '$&\n')
    const run = await changed('a.txt.gz', gzipSync(lines), (path) => utimesSync(path, 1, 1))
    expect(run.thrown?.message).toMatch(/a\.txt\.gz changed/)
  })

  test('is read to its new end where it grows', async () => {
    const run = await changed('a.txt', content, (path) => appendFileSync(path, 'new line\n'))
    expect(run.thrown).toBeUndefined()
    expect(run.out['out']).toHaveLength(100_001)
    expect(run.out['out']!.at(-1)).toBe('new line')
  })
})
