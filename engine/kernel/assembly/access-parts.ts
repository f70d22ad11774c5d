/** Where the parts of a line of an access log lie, as engine/formats/access-log.ts finds them. */
import { isTime, TIME_LENGTH } from './access-time.ts'
import { lineFeed, quoteOrFeed } from './scan.ts'

const LF: u8 = 10
const CR: u8 = 13
const SPACE: u8 = 32
const QUOTE: u8 = 34
const DASH: u8 = 45
const ZERO: u8 = 48
const OPEN: u8 = 91
const CLOSE: u8 = 93
/** A number of so many digits is the same in all arithmetic. */
const MOST_DIGITS: usize = 15

// Where the parts of the line at hand lie.
export let lineStart: usize = 0
export let hostEnd: usize = 0
export let identEnd: usize = 0
export let userEnd: usize = 0
export let timeStart: usize = 0
export let requestStart: usize = 0
export let requestEnd: usize = 0
export let bytesStart: usize = 0
export let bytesEnd: usize = 0
/** 0 in the common format. */
export let referrerStart: usize = 0
export let referrerEnd: usize = 0
export let agentStart: usize = 0
export let agentEnd: usize = 0
/** Something follows the agent. */
export let hasExtra: bool = false
/** The LF of the line. */
export let feed: usize = 0

/** Finds the parts of the line; false where it is not as it should be. */
// @ts-ignore: decorator
@inline
export function findParts(start: usize): bool {
  lineStart = start
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
