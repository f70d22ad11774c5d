/**
 * Lines of access logs, common and combined format, as engine/formats/access-log.ts reads them. A line that it would
 * refuse is odd, and so is one with a field that is wanted and not as plain as most.
 */
import {
  ACCESS_SCRATCH,
  COLUMN_BYTES,
  COLUMN_FIELD,
  FIELD_AGENT,
  FIELD_BYTES,
  FIELD_EXTRA,
  FIELD_HOST,
  FIELD_IDENT,
  FIELD_METHOD,
  FIELD_PATH,
  FIELD_PROTOCOL,
  FIELD_REFERRER,
  FIELD_REQUEST,
  FIELD_STATUS,
  FIELD_TIME,
  FIELD_USER,
  KIND_MISSING,
  KIND_NULL,
  ROW_ODD,
  ROW_OK,
  TASK_COLUMNS,
  TASK_COLUMN_COUNT,
  TASK_NEXT,
  TASK_ODD,
  TASK_ROWS,
  TASK_ROW_LIMIT,
  TASK_SCRATCH,
} from '../layout.ts'
import { ISO_LENGTH, isoAt, isTime, TIME_LENGTH } from './access-time.ts'
import { holds, lineFeed, putBytes, putFlag, putKind, putLine, putNumber, quoteOrFeed } from './scan.ts'

const LF: u8 = 10
const CR: u8 = 13
const SPACE: u8 = 32
const QUOTE: u8 = 34
const DASH: u8 = 45
const ZERO: u8 = 48
const OPEN: u8 = 91
const BACKSLASH: u8 = 92
const CLOSE: u8 = 93
/** "HTTP" as four bytes in a row. */
const HTTP: u32 = 0x50545448
const SLASH: u8 = 47
/** A number of so many digits is the same in all arithmetic. */
const MOST_DIGITS: usize = 15

// Where the parts of the line at hand lie.
let lineStart: usize = 0
let hostEnd: usize = 0
let identEnd: usize = 0
let userEnd: usize = 0
let timeStart: usize = 0
let requestStart: usize = 0
let requestEnd: usize = 0
let bytesStart: usize = 0
let bytesEnd: usize = 0
/** 0 in the common format. */
let referrerStart: usize = 0
let referrerEnd: usize = 0
let agentStart: usize = 0
let agentEnd: usize = 0
/** Something follows the agent. */
let hasExtra: bool = false
/** The LF of the line. */
let feed: usize = 0

/** See `scanX` in layout.ts. COLUMN_FIELD is one of FIELD_HOST …; SCRATCH holds ACCESS_SCRATCH bytes a row. */
export function scanAccessLog(task: usize, from: usize, to: usize): void {
  const limit = load<u32>(task, TASK_ROW_LIMIT)
  let row: u32 = 0
  let odd: u32 = 0
  let at = from
  for (; at < to && row < limit; row++) {
    lineStart = at
    let flag: u8 = <u8>ROW_OK
    if (!parts(at) || !columns(task, row)) {
      flag = <u8>ROW_ODD
      odd++
      feed = lineFeed(at)
    }
    putFlag(task, row, flag)
    putLine(task, row, at, feed)
    at = feed + 1
  }
  store<u32>(task, row, TASK_ROWS)
  store<u32>(task, odd, TASK_ODD)
  store<u32>(task, <u32>at, TASK_NEXT)
}

/** Finds the parts of the line; false where it is not as it should be. */
// @ts-ignore: decorator
@inline
function parts(start: usize): bool {
  if (!words(start)) return false
  timeStart = userEnd + 2
  const timeEnd = timeStart + TIME_LENGTH
  if (load<u8>(timeStart - 1) != OPEN || !isTime(timeStart)) return false
  if (load<u8>(timeEnd) != CLOSE || load<u8>(timeEnd + 1) != SPACE || load<u8>(timeEnd + 2) != QUOTE) return false
  requestStart = timeEnd + 3
  requestEnd = quoteOrFeed(requestStart)
  if (load<u8>(requestEnd) == LF || load<u8>(requestEnd + 1) != SPACE) return false
  const hundreds = load<u8>(requestEnd + 2) - ZERO
  if (hundreds < 1 || hundreds > 9) return false
  if (!isDigit(requestEnd + 3) || !isDigit(requestEnd + 4) || load<u8>(requestEnd + 5) != SPACE) return false
  bytesStart = requestEnd + 6
  let at = bytesStart
  if (load<u8>(at) == DASH) at++
  else while (isDigit(at)) at++
  if (at == bytesStart || at - bytesStart > MOST_DIGITS) return false
  bytesEnd = at
  referrerStart = 0
  hasExtra = false
  if (load<u8>(at) != SPACE) return endsAt(at)
  return combined(at)
}

/** Host, ident and user end at the first three blanks. */
// @ts-ignore: decorator
@inline
function words(start: usize): bool {
  const space = i8x16.splat(SPACE)
  const line = i8x16.splat(LF)
  const first = v128.load(start)
  const second = v128.load(start, 16)
  let spaces = <u32>i8x16.bitmask(i8x16.eq(first, space)) | (<u32>i8x16.bitmask(i8x16.eq(second, space)) << 16)
  const ends = <u32>i8x16.bitmask(i8x16.eq(first, line)) | (<u32>i8x16.bitmask(i8x16.eq(second, line)) << 16)
  // Most hosts are short, so that all three blanks lie within the first 32 bytes, and no LF before them.
  if (popcnt(spaces) < 3) return longWords(start)
  hostEnd = start + ctz(spaces)
  spaces &= spaces - 1
  identEnd = start + ctz(spaces)
  spaces &= spaces - 1
  userEnd = start + ctz(spaces)
  return hostEnd > start && (ends == 0 || start + ctz(ends) > userEnd)
}

function longWords(start: usize): bool {
  hostEnd = spaceOrFeed(start)
  if (hostEnd == start || load<u8>(hostEnd) == LF) return false
  identEnd = spaceOrFeed(hostEnd + 1)
  if (load<u8>(identEnd) == LF) return false
  userEnd = spaceOrFeed(identEnd + 1)
  return load<u8>(userEnd) == SPACE
}

function spaceOrFeed(from: usize): usize {
  let at = from
  while (load<u8>(at) != SPACE && load<u8>(at) != LF) at++
  return at
}

// @ts-ignore: decorator
@inline
function combined(at: usize): bool {
  if (load<u8>(at + 1) != QUOTE) return false
  referrerStart = at + 2
  referrerEnd = quoteOrFeed(referrerStart)
  if (load<u8>(referrerEnd) == LF) return false
  if (load<u8>(referrerEnd + 1) != SPACE || load<u8>(referrerEnd + 2) != QUOTE) return false
  agentStart = referrerEnd + 3
  agentEnd = quoteOrFeed(agentStart)
  if (load<u8>(agentEnd) == LF) {
    // Cut off within the agent: what there is of it counts, but for up to two CR.
    feed = agentEnd
    if (agentEnd > agentStart && load<u8>(agentEnd - 1) == CR) agentEnd--
    if (agentEnd > agentStart && load<u8>(agentEnd - 1) == CR) agentEnd--
    return true
  }
  if (endsAt(agentEnd + 1)) return true
  feed = lineFeed(agentEnd + 1)
  hasExtra = true
  return true
}

/** Whether nothing but the end of the line is at `at`: LF, and up to two CR before it. */
// @ts-ignore: decorator
@inline
function endsAt(at: usize): bool {
  let end = at
  if (load<u8>(end) == CR) end++
  if (load<u8>(end) == CR) end++
  feed = end
  return load<u8>(end) == LF
}

// @ts-ignore: decorator
@inline
function isDigit(at: usize): bool {
  return <u8>(load<u8>(at) - ZERO) <= 9
}

/** Writes the row's columns; false where one of them has to be read by other means. */
// @ts-ignore: decorator
@inline
function columns(task: usize, row: u32): bool {
  const count = load<u32>(task, TASK_COLUMN_COUNT)
  let column: usize = load<u32>(task, TASK_COLUMNS)
  for (let i: u32 = 0; i < count; i++, column += COLUMN_BYTES) {
    if (!putField(task, row, column, load<u32>(column, COLUMN_FIELD))) return false
  }
  return true
}

// @ts-ignore: decorator
@inline
function putField(task: usize, row: u32, column: usize, field: u32): bool {
  switch (field) {
    case FIELD_HOST:
      putBytes(column, row, lineStart, hostEnd)
      return true
    case FIELD_IDENT:
      putUnlessDash(column, row, hostEnd + 1, identEnd, <u8>KIND_MISSING)
      return true
    case FIELD_USER:
      putUnlessDash(column, row, identEnd + 1, userEnd, <u8>KIND_NULL)
      return true
    case FIELD_TIME: {
      const text = <usize>load<u32>(task, TASK_SCRATCH) + row * ACCESS_SCRATCH
      putBytes(column, row, text, text + ISO_LENGTH)
      return isoAt(timeStart, text)
    }
    case FIELD_METHOD:
    case FIELD_PATH:
    case FIELD_PROTOCOL:
    case FIELD_REQUEST:
      putRequest(column, row, field)
      return true
    case FIELD_STATUS:
      putNumber(column, row, <f64>number(requestEnd + 2, requestEnd + 5))
      return true
    case FIELD_BYTES:
      if (load<u8>(bytesStart) == DASH) putKind(column, row, <u8>KIND_NULL)
      else putNumber(column, row, <f64>number(bytesStart, bytesEnd))
      return true
    case FIELD_REFERRER:
      return putQuoted(column, row, referrerStart, referrerEnd)
    case FIELD_AGENT:
      return putQuoted(column, row, agentStart, agentEnd)
    case FIELD_EXTRA:
      putKind(column, row, <u8>KIND_MISSING)
      return !hasExtra
    default:
      putKind(column, row, <u8>KIND_MISSING)
      return true
  }
}

function putUnlessDash(column: usize, row: u32, from: usize, to: usize, kind: u8): void {
  if (to - from == 1 && load<u8>(from) == DASH) putKind(column, row, kind)
  else putBytes(column, row, from, to)
}

/** Referrer and agent: null in the common format, to be read by other means where something in them is escaped. */
function putQuoted(column: usize, row: u32, from: usize, to: usize): bool {
  if (referrerStart == 0) {
    putKind(column, row, <u8>KIND_NULL)
    return true
  }
  putUnlessDash(column, row, from, to, <u8>KIND_NULL)
  return !holds(from, to, BACKSLASH)
}

/** `METHOD path[ HTTP/x]`, or a request that is not one of HTTP. */
// @ts-ignore: decorator
@inline
function putRequest(column: usize, row: u32, field: u32): void {
  const from = requestStart
  const to = requestEnd
  let methodEnd = from
  while (methodEnd < to && load<u8>(methodEnd) != SPACE) methodEnd++
  const first = load<u8>(from)
  if (methodEnd == to || first < 65 || first > 122) {
    if (field != FIELD_REQUEST) putKind(column, row, <u8>KIND_NULL)
    else putUnlessDash(column, row, from, to, <u8>KIND_MISSING)
    return
  }
  if (field == FIELD_REQUEST) return putKind(column, row, <u8>KIND_MISSING)
  if (field == FIELD_METHOD) return putBytes(column, row, from, methodEnd)
  const last = lastWord(to)
  const hasProtocol = last > methodEnd + 1 && isHttp(last)
  if (field == FIELD_PATH) return putBytes(column, row, methodEnd + 1, hasProtocol ? last - 1 : to)
  if (hasProtocol) putBytes(column, row, last, to)
  else putKind(column, row, <u8>KIND_NULL)
}

/** Where the last word before `to` starts; a blank is known to lie before it. */
// @ts-ignore: decorator
@inline
function lastWord(to: usize): usize {
  const usual = to - 8
  if (load<u8>(usual - 1) == SPACE && isHttp(usual)) return usual
  let at = to
  while (load<u8>(at - 1) != SPACE) at--
  return at
}

// @ts-ignore: decorator
@inline
function isHttp(at: usize): bool {
  return load<u32>(at) == HTTP && load<u8>(at + 4) == SLASH
}

/** At most 15 digits. */
// @ts-ignore: decorator
@inline
function number(from: usize, to: usize): u64 {
  let value: u64 = 0
  for (let at = from; at < to; at++) value = value * 10 + (load<u8>(at) - ZERO)
  return value
}
