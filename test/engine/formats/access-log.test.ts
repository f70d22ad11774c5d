/** Access-log lines: what each field says, what is refused, and agreement with awk on a whole log. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { accessLogReader, type AccessRecord } from '../../../engine/formats/access-log.ts'

const FIXTURE = fileURLToPath(new URL('../../fixtures/access.log', import.meta.url))
const lines = readFileSync(FIXTURE, 'utf8').trimEnd().split('\n')
/** The last lines of the fixture are malformed. */
const MALFORMED = 8
const good = lines.slice(0, -MALFORMED)
const bad = lines.slice(-MALFORMED)

/** The record of the line that holds a text, read after all lines before it. */
function recordWith(text: string): AccessRecord {
  const read = accessLogReader()
  const found = good.map((line) => ({ line, record: read(line) })).find(({ line }) => line.includes(text))
  return found!.record
}

function reasonFor(line: string): string {
  try {
    return JSON.stringify(accessLogReader()(line))
  } catch (error) {
    return (error as Error).message
  }
}

describe('access-log lines', () => {
  test('in combined format give all fields, open ones as null', () => {
    expect(recordWith('/blog/weirs')).toEqual({
      host: '198.51.100.23',
      user: null,
      time: '2015-05-17T10:05:11Z',
      method: 'GET',
      path: '/blog/weirs-and-sluices?utm_source=feed&utm_medium=rss',
      protocol: 'HTTP/1.1',
      status: 200,
      bytes: 18842,
      referrer: null,
      agent: 'Feedbin - 41 subscribers',
    })
  })

  test('in common format have no referrer and agent', () => {
    expect(recordWith('200 2326')).toMatchObject({ user: 'frank', bytes: 2326, referrer: null, agent: null })
    expect(recordWith('304 -')).toMatchObject({ bytes: null })
  })

  test('give times in UTC, whatever their zone and the lines before', () => {
    expect(recordWith('POST /admin')).toMatchObject({ time: '2015-05-17T10:08:00Z' })
    expect(recordWith('200 2326')).toMatchObject({ time: '2000-10-10T20:55:36Z' })
    expect(recordWith('-0100')).toMatchObject({ time: '2000-10-11T00:59:59Z' })
    expect(recordWith('q1.pdf')).toMatchObject({ time: '2015-05-18T00:01:12Z' })
    expect(recordWith('q2.pdf')).toMatchObject({ time: '2015-05-18T00:01:13Z' })
    expect(recordWith('[18/May/2015:00:00:00')).toMatchObject({ time: '2015-05-18T00:00:00Z' })
    expect(recordWith('29/Feb/2016')).toMatchObject({ time: '2016-02-29T08:00:00Z' })
    expect(recordWith('/leap')).toMatchObject({ time: '2017-01-01T00:00:00Z' })
  })

  test('give the same record alone and after any other line', () => {
    const shared = accessLogReader()
    for (const line of [...good, ...good.toReversed()]) expect(shared(line)).toEqual(accessLogReader()(line))
  })

  test('keep quotes, backslashes and other bytes that the server escaped', () => {
    expect(recordWith('fish+ladder').referrer).toBe('https://search.example/?q=weir+"fish+ladder"')
    expect(recordWith("rg's reader").agent).toBe("Jörg's reader \\o/")
  })

  test('keep what there is of a user, an ident, and of fields behind the agent', () => {
    expect(recordWith('q1.pdf')).toMatchObject({ ident: 'unix-7', user: 'grace' })
    expect(recordWith('q2.pdf')).not.toHaveProperty('ident')
    expect(recordWith('NewsBlur')).toMatchObject({
      agent: 'NewsBlur Feed Fetcher',
      extra: '"203.0.113.1" 0.004',
    })
  })

  test('cut off within the agent are taken as far as they go', () => {
    expect(recordWith('configlib')).toMatchObject({
      path: '/scripts/configlib.py',
      agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html',
    })
  })

  test('whose request is not one of HTTP keep it as it is', () => {
    const none = { method: null, path: null, protocol: null }
    expect(recordWith('" 408')).toMatchObject({ ...none, status: 408 })
    expect(recordWith('" 408')).not.toHaveProperty('request')
    expect(recordWith('\\x16')).toMatchObject({ ...none, status: 400, request: '\\x16\\x03\\x01\\x02' })
    expect(recordWith('/old"')).toMatchObject({ method: 'GET', path: '/old', protocol: null })
    expect(recordWith('blank.html')).toMatchObject({ path: '/with a blank.html', protocol: 'HTTP/1.1' })
  })

  test('may end with a carriage return', () => {
    for (const line of good) expect(accessLogReader()(`${line}\r`)).toEqual(accessLogReader()(line))
  })

  test('that are malformed are refused with what was expected where', () => {
    const column = (line: string, text: string) => line.indexOf(text) + 1
    const [text, zone, day, quote, status, bytes, referrer, host] = bad as [string, ...string[]]
    expect(reasonFor(text)).toMatch(/a time such as .* expected at column 14$/)
    expect(reasonFor(zone!)).toMatch(/a time such as .* expected at column 17$/)
    expect(reasonFor(day!)).toMatch(/a time such as .* expected at column 18$/)
    expect(reasonFor(quote!)).toMatch(
      `a quote that closes the request expected at column ${quote!.length + 1}`,
    )
    expect(reasonFor(status!)).toMatch(
      `a status of three digits expected at column ${column(status!, 'two')}`,
    )
    expect(reasonFor(bytes!)).toMatch(/a number of bytes or - expected/)
    expect(reasonFor(referrer!)).toMatch(
      `the referrer in quotes expected at column ${column(referrer!, 'http:')}`,
    )
    expect(reasonFor(host!)).toMatch(/a time such as .* expected/)
    expect(reasonFor('')).toBe('the line is empty')
    expect(reasonFor('host')).toMatch(/host, ident, user and a time expected at column 1$/)
  })

  test('cut off at any character are read or refused, never a crash', () => {
    for (const line of good) {
      for (let length = 0; length < line.length; length++) {
        expect(reasonFor(line.slice(0, length))).toMatch(/^\{|expected at column \d+$|^the line is empty$/)
      }
    }
  })
})

describe.runIf(process.env['WEIR_ACCESS_LOG'])('a whole access log', () => {
  test('gives the paths that awk gives', () => {
    const path = process.env['WEIR_ACCESS_LOG']!
    const read = accessLogReader()
    const paths = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => read(line).path)
    expect(paths).toEqual(
      execFileSync('awk', ['{print $7}', path], { encoding: 'utf8', maxBuffer: 1 << 28 })
        .trimEnd()
        .split('\n'),
    )
  })
})
