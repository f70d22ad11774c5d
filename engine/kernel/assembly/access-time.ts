/** Times such as `17/May/2015:10:05:03 +0000`: whether they are one, and the same in ISO 8601 and UTC. */

export const TIME_LENGTH: usize = 26
/** `2015-05-17T10:05:03Z` */
export const ISO_LENGTH: usize = 20

const ZERO: u8 = 48
const SLASH: u8 = 47
const COLON: u8 = 58
const SPACE: u8 = 32
const PLUS: u8 = 43
const DASH: u8 = 45
/** Three letters of a month's name as the low bytes of a number, January first. */
const MONTHS: StaticArray<u32> = [
  0x6e614a, 0x626546, 0x72614d, 0x727041, 0x79614d, 0x6e754a, 0x6c754a, 0x677541, 0x706553, 0x74634f, 0x766f4e,
  0x636544,
]

// The last time that was found to be one: neighbours in a log mostly share theirs.
let knownStart: v128 = i8x16.splat(0)
let knownEnd: v128 = i8x16.splat(0)
// What it says.
let year: i32 = 0
let month: i32 = 0
let day: i32 = 0
let hour: i32 = 0
let minute: i32 = 0
let second: i32 = 0
/** Minutes that its zone is ahead of UTC. */
let zone: i32 = 0

/** Whether the 26 bytes at `at` are a time. */
// @ts-ignore: decorator
@inline
export function isTime(at: usize): bool {
  const start = v128.load(at)
  const end = v128.load(at, 10)
  const differs = v128.or(v128.xor(start, knownStart), v128.xor(end, knownEnd))
  if (!v128.any_true(differs)) return true
  if (!isNewTime(at)) return false
  knownStart = start
  knownEnd = end
  return true
}

function isNewTime(at: usize): bool {
  const newDay = two(at)
  const newMonth = monthAt(at + 3)
  const newYear = two(at + 7) * 100 + two(at + 9)
  const newHour = two(at + 12)
  const newMinute = two(at + 15)
  const newSecond = two(at + 18)
  const zoneHours = two(at + 22)
  const zoneMinutes = two(at + 24)
  if (load<u8>(at + 2) != SLASH || load<u8>(at + 6) != SLASH || load<u8>(at + 11) != COLON) return false
  if (load<u8>(at + 14) != COLON || load<u8>(at + 17) != COLON || load<u8>(at + 20) != SPACE) return false
  const sign = load<u8>(at + 21)
  if (sign != PLUS && sign != DASH) return false
  if (newMonth < 1 || two(at + 7) < 0 || two(at + 9) < 0 || zoneHours < 0 || zoneMinutes < 0) return false
  // 60 is a leap second.
  if (newHour < 0 || newHour > 23 || newMinute < 0 || newMinute > 59 || newSecond < 0 || newSecond > 60) return false
  // JavaScript takes years of two digits for others; such logs are left to it.
  if (newYear < 100 || newYear > 9990) return false
  if (newDay < 1 || newDay > daysOf(newMonth, newYear)) return false
  year = newYear
  month = newMonth
  day = newDay
  hour = newHour
  minute = newMinute
  second = newSecond
  zone = (zoneHours * 60 + zoneMinutes) * (sign == DASH ? -1 : 1)
  return true
}

/** The number that two digits make, or less than 0. */
function two(at: usize): i32 {
  const tens = <u8>(load<u8>(at) - ZERO)
  const ones = <u8>(load<u8>(at + 1) - ZERO)
  return tens > 9 || ones > 9 ? -10000 : <i32>tens * 10 + <i32>ones
}

/** 1 to 12, or 0. */
function monthAt(at: usize): i32 {
  const letters = load<u32>(at) & 0xffffff
  for (let i = 0; i < 12; i++) if (unchecked(MONTHS[i]) == letters) return i + 1
  return 0
}

function daysOf(month: i32, year: i32): i32 {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
}

/** Writes the time at `at`, which `isTime` has just found to be one, in ISO 8601 and UTC. */
export function isoAt(at: usize, to: usize): bool {
  const minutes = daysSince(year, month, day) * 1440 + hour * 60 + minute - zone + (second == 60 ? 1 : 0)
  const days = floorDivide(minutes, 1440)
  const rest = minutes - days * 1440
  putDate(days, to)
  store<u8>(to, <u8>84, 10)
  putTwo(to + 11, rest / 60)
  store<u8>(to, COLON, 13)
  putTwo(to + 14, rest % 60)
  store<u8>(to, COLON, 16)
  putTwo(to + 17, second == 60 ? 0 : second)
  store<u8>(to, <u8>90, 19)
  return true
}

/** Days from 1 March of the year 0 (Howard Hinnant's arithmetic of the civil calendar, shifted). */
function daysSince(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year
  const era = y / 400
  const yearOfEra = y - era * 400
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
}

function putDate(days: i32, to: usize): void {
  const era = days / 146097
  const dayOfEra = days - era * 146097
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const shifted = (5 * dayOfYear + 2) / 153
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  putTwo(to, year / 100)
  putTwo(to + 2, year % 100)
  store<u8>(to, DASH, 4)
  putTwo(to + 5, month)
  store<u8>(to, DASH, 7)
  putTwo(to + 8, dayOfYear - (153 * shifted + 2) / 5 + 1)
}

function putTwo(at: usize, value: i32): void {
  store<u8>(at, <u8>(ZERO + value / 10))
  store<u8>(at, <u8>(ZERO + (value % 10)), 1)
}

function floorDivide(value: i32, by: i32): i32 {
  return value >= 0 ? value / by : -((by - 1 - value) / by)
}
