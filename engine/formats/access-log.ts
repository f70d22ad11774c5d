/** Lines of web servers' access logs, common and combined format, read with a scanner made for speed. */

/** One request. Fields that the log leaves open (`-`) are null. */
export interface AccessRecord {
  host: string
  /** Only where the log has one, which is almost never. */
  ident?: string
  user: string | null
  /** ISO 8601, UTC. */
  time: string
  /** Null together with path and protocol where the request is not one of HTTP; see `request`. */
  method: string | null
  /** As logged, query included. */
  path: string | null
  /** Null for HTTP 0.9, which had none. */
  protocol: string | null
  status: number
  bytes: number | null
  referrer: string | null
  agent: string | null
  /** The request as logged, where it is not one of HTTP. */
  request?: string
  /** What follows the agent, where a server was set up to log more. */
  extra?: string
}

const RETURN = 13
const SPACE = 32
const QUOTE = 34
const DASH = 45
const ZERO = 48
const COLON = 58
const OPEN = 91
const BACKSLASH = 92
const CLOSE = 93

/** Characters between the brackets of a time. */
const TIME_LENGTH = 26
const TIME = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Makes a reader of lines. A line's record depends on the line alone, but neighbours share work: see `timeReader`. */
export function accessLogReader(): (line: string) => AccessRecord {
  const readTime = timeReader()

  return (line) => {
    const length = line.charCodeAt(line.length - 1) === RETURN ? line.length - 1 : line.length
    if (length === 0) throw new Error('the line is empty')
    const hostEnd = line.indexOf(' ')
    const identEnd = line.indexOf(' ', hostEnd + 1)
    const userEnd = line.indexOf(' ', identEnd + 1)
    if (hostEnd <= 0 || identEnd < 0 || userEnd < 0) throw expected('host, ident, user and a time', 0)

    const timeStart = userEnd + 2
    const timeEnd = timeStart + TIME_LENGTH
    if (line.charCodeAt(timeStart - 1) !== OPEN || line.charCodeAt(timeEnd) !== CLOSE) {
      throw expected('a time such as [17/May/2015:10:05:03 +0000]', userEnd + 1)
    }
    const time = readTime(line, timeStart)

    const requestStart = timeEnd + 3
    if (line.charCodeAt(requestStart - 1) !== QUOTE) throw expected('the request in quotes', timeEnd + 1)
    const requestEnd = closingQuote(line, requestStart)
    if (requestEnd < 0) throw expected('a quote that closes the request', length)

    const statusStart = requestEnd + 2
    const status = digits(line, statusStart, statusStart + 3)
    if (status < 100 || line.charCodeAt(statusStart - 1) !== SPACE)
      throw expected('a status of three digits', statusStart)
    const bytesStart = statusStart + 4
    const space = line.indexOf(' ', bytesStart)
    const bytesEnd = space < 0 ? length : space
    const open = line.charCodeAt(bytesStart) === DASH && bytesEnd === bytesStart + 1
    const bytes = open ? null : digits(line, bytesStart, bytesEnd)
    if (bytes === -1 || line.charCodeAt(statusStart + 3) !== SPACE)
      throw expected('a number of bytes or -', bytesStart)

    const ident = textOf(line, hostEnd + 1, identEnd)
    const record = start(line.slice(0, hostEnd), ident)
    record.user = textOf(line, identEnd + 1, userEnd)
    record.time = time
    record.status = status
    record.bytes = bytes
    readRequest(record, line, requestStart, requestEnd)
    if (bytesEnd < length) readCombined(record, line, bytesEnd, length)
    return record
  }
}

/** All fields at once and in order, so that records of one log share one hidden class. */
function start(host: string, ident: string | null): AccessRecord {
  return ident === null
    ? {
        host,
        user: null,
        time: '',
        method: null,
        path: null,
        protocol: null,
        status: 0,
        bytes: null,
        referrer: null,
        agent: null,
      }
    : {
        host,
        ident,
        user: null,
        time: '',
        method: null,
        path: null,
        protocol: null,
        status: 0,
        bytes: null,
        referrer: null,
        agent: null,
      }
}

/** `METHOD path[ HTTP/x]`. A path with blanks in it, which servers log as it came, is kept whole. */
function readRequest(record: AccessRecord, line: string, from: number, to: number): void {
  const methodEnd = line.indexOf(' ', from)
  const first = line.charCodeAt(from)
  if (methodEnd < 0 || methodEnd >= to || first < 65 || first > 122) {
    const request = textOf(line, from, to)
    if (request !== null) record.request = request
    return
  }
  const protocolStart = lastWord(line, to)
  record.method = methodOf(line, from, methodEnd)
  if (protocolStart > methodEnd + 1 && line.startsWith('HTTP/', protocolStart)) {
    record.path = line.slice(methodEnd + 1, protocolStart - 1)
    record.protocol = protocolOf(line, protocolStart, to)
  } else {
    record.path = line.slice(methodEnd + 1, to)
  }
}

/** Where the last word before `to` starts; mostly that is a protocol of eight characters. */
function lastWord(line: string, to: number): number {
  const usual = to - 8
  if (line.charCodeAt(usual - 1) === SPACE && line.startsWith('HTTP/', usual)) return usual
  return line.lastIndexOf(' ', to - 1) + 1
}

/** Referrer and agent, from the blank after the bytes. A line cut off within the agent keeps what there is of it. */
function readCombined(record: AccessRecord, line: string, from: number, length: number): void {
  const referrerStart = from + 2
  const referrerEnd = line.charCodeAt(from + 1) === QUOTE ? closingQuote(line, referrerStart) : -1
  if (referrerEnd < 0) throw expected('the referrer in quotes', from + 1)
  const agentStart = referrerEnd + 3
  if (line.charCodeAt(agentStart - 1) !== QUOTE || line.charCodeAt(agentStart - 2) !== SPACE) {
    throw expected('the agent in quotes', referrerEnd + 1)
  }
  const closing = closingQuote(line, agentStart)
  const agentEnd = closing < 0 ? length : closing
  record.referrer = quotedOf(line, referrerStart, referrerEnd)
  record.agent = quotedOf(line, agentStart, agentEnd)
  if (agentEnd + 1 < length) record.extra = line.slice(agentEnd + 1, length).trim()
}

/** The quote that ends what starts at `from`, past those with a backslash before them; -1 where there is none. */
function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from)
  while (at > from && isEscaped(line, at, from)) at = line.indexOf('"', at + 1)
  return at
}

function isEscaped(line: string, at: number, from: number): boolean {
  let before = at - 1
  while (before >= from && line.charCodeAt(before) === BACKSLASH) before--
  return (at - 1 - before) % 2 === 1
}

/** The number in these characters, or -1. */
function digits(line: string, from: number, to: number): number {
  if (from >= to || to > line.length) return -1
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = line.charCodeAt(at) - ZERO
    if (!(digit >= 0 && digit <= 9)) return -1
    value = value * 10 + digit
  }
  return value
}

function textOf(line: string, from: number, to: number): string | null {
  return to - from === 1 && line.charCodeAt(from) === DASH ? null : line.slice(from, to)
}

function quotedOf(line: string, from: number, to: number): string | null {
  const text = textOf(line, from, to)
  return text !== null && text.includes('\\') ? unescaped(text) : text
}

/** Undoes what servers do to quotes, backslashes and bytes that are not printable ASCII. */
function unescaped(text: string): string {
  return text.replace(/(?:\\x[0-9a-fA-F]{2})+|\\(["\\])/g, (found, plain: string | undefined) =>
    plain === undefined ? Buffer.from(found.replaceAll('\\x', ''), 'hex').toString('utf8') : plain,
  )
}

/** Methods and protocols without a new text for each line. */
function methodOf(line: string, from: number, to: number): string {
  if (to - from === 3 && line.startsWith('GET', from)) return 'GET'
  if (to - from === 4 && line.startsWith('POST', from)) return 'POST'
  if (to - from === 4 && line.startsWith('HEAD', from)) return 'HEAD'
  return line.slice(from, to)
}

function protocolOf(line: string, from: number, to: number): string {
  if (to - from === 8 && line.startsWith('HTTP/1.1', from)) return 'HTTP/1.1'
  if (to - from === 8 && line.startsWith('HTTP/2.0', from)) return 'HTTP/2.0'
  return line.slice(from, to)
}

/**
 * Makes a reader of times that remembers the last hour it worked out, as a log's neighbours mostly share theirs: the
 * minutes and seconds are then taken over as they are.
 */
function timeReader(): (line: string, from: number) => string {
  let hour = '\n'
  let zone = ''
  let isoHour = ''
  return (line, from) => {
    if (
      line.startsWith(hour, from) &&
      line.startsWith(zone, from + 20) &&
      isMinuteAndSecond(line, from + 14)
    ) {
      return `${isoHour}${line.slice(from + 14, from + 20)}Z`
    }
    const iso = isoTime(line.slice(from, from + TIME_LENGTH), from)
    // Where a zone is off by part of an hour, or the second is a leap second, minutes change too: worked out each time.
    if (line.startsWith('00', from + 24) && !line.startsWith('60', from + 18)) {
      hour = line.slice(from, from + 14)
      zone = line.slice(from + 20, from + TIME_LENGTH)
      isoHour = iso.slice(0, 13)
    }
    return iso
  }
}

/** `:05:03`, both below 60. */
function isMinuteAndSecond(line: string, from: number): boolean {
  const minute = digits(line, from + 1, from + 3)
  const second = digits(line, from + 4, from + 6)
  return (
    minute >= 0 &&
    minute < 60 &&
    second >= 0 &&
    second < 60 &&
    line.charCodeAt(from) === COLON &&
    line.charCodeAt(from + 3) === COLON
  )
}

function isoTime(text: string, column: number): string {
  const [, day, monthName, year, hour, minute, second, sign, hours, minutes] = TIME.exec(text) ?? []
  const month = MONTHS.indexOf(monthName ?? '')
  const midnight = new Date(Date.UTC(Number(year), month, Number(day)))
  const real = month >= 0 && midnight.getUTCDate() === Number(day) && Number(hour) < 24 && Number(minute) < 60
  // 60 is a leap second, which clocks without them read as the next minute's first.
  if (!real || Number(second) > 60) throw expected('a time such as 17/May/2015:10:05:03 +0000', column)
  const local = midnight.getTime() + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
  return `${new Date(local - (sign === '-' ? -offset : offset)).toISOString().slice(0, 19)}Z`
}

function expected(what: string, column: number): Error {
  return new Error(`not a line of an access log: ${what} expected at column ${column + 1}`)
}
