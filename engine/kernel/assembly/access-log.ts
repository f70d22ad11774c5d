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
import {
  agentEnd,
  agentStart,
  bytesEnd,
  bytesStart,
  feed,
  findParts,
  hasExtra,
  hostEnd,
  identEnd,
  lineStart,
  referrerEnd,
  referrerStart,
  requestEnd,
  requestStart,
  timeStart,
  userEnd,
} from './access-parts.ts'
import { ISO_LENGTH, isoAt } from './access-time.ts'
import { holds, lineFeed, putBytes, putFlag, putKind, putLine, putNumber } from './scan.ts'

const SPACE: u8 = 32
const DASH: u8 = 45
const ZERO: u8 = 48
const BACKSLASH: u8 = 92
/** "HTTP" as four bytes in a row. */
const HTTP: u32 = 0x50545448
const SLASH: u8 = 47

/** See `scanX` in layout.ts. COLUMN_FIELD is one of FIELD_HOST …; SCRATCH holds ACCESS_SCRATCH bytes a row. */
export function scanAccessLog(task: usize, from: usize, to: usize): void {
  const limit = load<u32>(task, TASK_ROW_LIMIT)
  let row: u32 = 0
  let odd: u32 = 0
  let at = from
  for (; at < to && row < limit; row++) {
    let flag: u8 = <u8>ROW_OK
    let end: usize
    if (findParts(at) && columns(task, row)) {
      end = feed
    } else {
      flag = <u8>ROW_ODD
      odd++
      end = lineFeed(at)
    }
    putFlag(task, row, flag)
    putLine(task, row, at, end)
    at = end + 1
  }
  store<u32>(task, row, TASK_ROWS)
  store<u32>(task, odd, TASK_ODD)
  store<u32>(task, <u32>at, TASK_NEXT)
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
