/**
 * What a Parquet value is as a value of a record: one definition for the reader of rows and for the SQL tier (see
 * docs/decisions/0010). Nothing is lost: where a JavaScript number cannot hold a value exactly, it is text.
 */
import type { SchemaElement } from 'hyparquet'

/** Digits of a second that a time is written with: all values of a column alike, so that their order as text is their order in time. */
export type Digits = 3 | 6 | 9

/** What a leaf of a Parquet schema holds. */
export type ParquetKind =
  | { kind: 'boolean' }
  /** Numbers up to 2^53 - 1 either way, text beyond. */
  | { kind: 'integer'; bits: 8 | 16 | 32 | 64; signed: boolean }
  | { kind: 'float'; bits: 16 | 32 | 64 }
  /** Numbers of up to 15 digits, text beyond. */
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'text' }
  | { kind: 'uuid' }
  /** "2024-05-31" */
  | { kind: 'date' }
  /** "23:59:59.000000" */
  | { kind: 'time'; digits: Digits }
  /** "2024-05-31T23:59:59.000Z", without the Z where the file says that the zone is unknown. */
  | { kind: 'timestamp'; digits: Digits; utc: boolean }
  /** The old timestamp of 12 bytes: nanoseconds, UTC. */
  | { kind: 'int96' }
  /** A Uint8Array. */
  | { kind: 'bytes' }

type Raw = number | bigint | boolean | Uint8Array | string

const DIGITS = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const
const WIDTHS: Record<string, ParquetKind> = {
  INT_8: { kind: 'integer', bits: 8, signed: true },
  INT_16: { kind: 'integer', bits: 16, signed: true },
  INT_32: { kind: 'integer', bits: 32, signed: true },
  INT_64: { kind: 'integer', bits: 64, signed: true },
  UINT_8: { kind: 'integer', bits: 8, signed: false },
  UINT_16: { kind: 'integer', bits: 16, signed: false },
  UINT_32: { kind: 'integer', bits: 32, signed: false },
  UINT_64: { kind: 'integer', bits: 64, signed: false },
  UTF8: { kind: 'text' },
  ENUM: { kind: 'text' },
  JSON: { kind: 'text' },
  DATE: { kind: 'date' },
  TIME_MILLIS: { kind: 'time', digits: 3 },
  TIME_MICROS: { kind: 'time', digits: 6 },
  TIMESTAMP_MILLIS: { kind: 'timestamp', digits: 3, utc: true },
  TIMESTAMP_MICROS: { kind: 'timestamp', digits: 6, utc: true },
}

/** What the values of a leaf are. The newer annotation of a column goes before the older one. */
export function parquetKind(element: SchemaElement): ParquetKind {
  const { type, logical_type: logical, converted_type: converted, precision = 0, scale = 0 } = element
  switch (logical?.type) {
    case 'STRING':
    case 'ENUM':
    case 'JSON':
      return { kind: 'text' }
    case 'UUID':
      return { kind: 'uuid' }
    case 'DATE':
      return { kind: 'date' }
    case 'FLOAT16':
      return { kind: 'float', bits: 16 }
    case 'DECIMAL':
      return { kind: 'decimal', precision: logical.precision, scale: logical.scale }
    case 'TIME':
      return { kind: 'time', digits: DIGITS[logical.unit] }
    case 'TIMESTAMP':
      return { kind: 'timestamp', digits: DIGITS[logical.unit], utc: logical.isAdjustedToUTC }
    case 'INTEGER':
      return { kind: 'integer', bits: logical.bitWidth as 8, signed: logical.isSigned }
  }
  if (converted === 'DECIMAL') return { kind: 'decimal', precision, scale }
  const known = converted === undefined ? undefined : WIDTHS[converted]
  if (known) return known
  switch (type) {
    case 'BOOLEAN':
      return { kind: 'boolean' }
    case 'INT32':
      return { kind: 'integer', bits: 32, signed: true }
    case 'INT64':
      return { kind: 'integer', bits: 64, signed: true }
    case 'FLOAT':
      return { kind: 'float', bits: 32 }
    case 'DOUBLE':
      return { kind: 'float', bits: 64 }
    case 'INT96':
      return { kind: 'int96' }
    default:
      return { kind: 'bytes' }
  }
}

/**
 * Makes the function from what is stored (the physical type, without any conversion: numbers, big integers, bytes) to
 * the value in a record. Null stays null.
 * @throws TypeError from the made function, for text that is not UTF-8
 */
export function parquetValue(kind: ParquetKind): (raw: Raw | null | undefined) => unknown {
  const make = maker(kind)
  return (raw) => (raw === null || raw === undefined ? null : make(raw))
}

function maker(kind: ParquetKind): (raw: Raw) => unknown {
  switch (kind.kind) {
    case 'boolean':
      return (raw) => raw
    case 'integer':
      return integerMaker(kind.bits, kind.signed)
    case 'float':
      return kind.bits === 16 ? (raw) => halfFloat(raw as Uint8Array) : (raw) => raw
    case 'decimal':
      return (raw) => decimalValue(raw instanceof Uint8Array ? signedBytes(raw) : BigInt(raw), kind.scale)
    case 'text': {
      const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      return (raw) => (typeof raw === 'string' ? raw : decoder.decode(raw as Uint8Array))
    }
    case 'uuid':
      return (raw) => uuidText(raw as Uint8Array)
    case 'date':
      return (raw) => isoDate(Number(raw))
    case 'time':
      return (raw) => isoTime(BigInt(raw as number | bigint), kind.digits)
    case 'timestamp':
      return (raw) => isoTimestamp(BigInt(raw as number | bigint), kind.digits, kind.utc)
    case 'int96':
      return (raw) => isoTimestamp(int96Nanos(raw as bigint), 9, true)
    case 'bytes':
      return (raw) => (raw instanceof Uint8Array ? new Uint8Array(raw) : raw)
  }
}

function integerMaker(bits: 8 | 16 | 32 | 64, signed: boolean): (raw: Raw) => unknown {
  if (bits === 64) {
    return signed
      ? (raw) => integerValue(BigInt(raw as bigint))
      : (raw) => integerValue(BigInt.asUintN(64, BigInt(raw as bigint)))
  }
  return signed ? (raw) => Number(raw) : (raw) => Number(raw) >>> 0
}

/** A number where it is exact, else the digits as text: what CSV does too. */
export function integerValue(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

const EXACT_DECIMAL = 10n ** 15n

/** The nearest number where all digits of the value come back out of it (up to 15), else text. */
export function decimalValue(unscaled: bigint, scale: number): number | string {
  const small = unscaled < EXACT_DECIMAL && unscaled > -EXACT_DECIMAL
  // Both sides are exact, so the quotient is rounded once.
  if (small && scale <= 22) return Number(unscaled) / 10 ** scale
  const sign = unscaled < 0n ? '-' : ''
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const cut = digits.length - scale
  const text = scale === 0 ? sign + digits : `${sign}${digits.slice(0, cut)}.${digits.slice(cut)}`
  return small ? Number(text) : text
}

const DAY_SECONDS = 86_400
/** The last second of the calendar that JavaScript has, from 1970; the first is as far the other way. */
const LAST_SECOND = 8_640_000_000_000

/** "2024-05-31"; outside of JavaScript's calendar the number of days as text. */
export function isoDate(days: number): string {
  const seconds = days * DAY_SECONDS
  if (Math.abs(seconds) > LAST_SECOND) return String(days)
  return new Date(seconds * 1000).toISOString().slice(0, -14)
}

/**
 * "2024-05-31T23:59:59.000Z", with as many digits of a second as the column has; outside of JavaScript's calendar the
 * stored number as text.
 * @param ticks since 1970, in units of 10^-digits s
 */
export function isoTimestamp(ticks: bigint, digits: Digits, utc: boolean): string {
  const unit = BigInt(10 ** digits)
  let seconds = ticks / unit
  let part = ticks % unit
  if (part < 0n) {
    part += unit
    seconds -= 1n
  }
  const whole = Number(seconds)
  if (whole > LAST_SECOND || whole < -LAST_SECOND || (whole === LAST_SECOND && part > 0n))
    return String(ticks)
  const text = new Date(whole * 1000).toISOString().slice(0, -4)
  return `${text}${String(part).padStart(digits, '0')}${utc ? 'Z' : ''}`
}

/** "23:59:59.000000" */
export function isoTime(ticks: bigint, digits: Digits): string {
  const unit = BigInt(10 ** digits)
  const seconds = Number(ticks / unit)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const clock = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
  return `${clock}.${String(ticks % unit).padStart(digits, '0')}`
}

function int96Nanos(value: bigint): bigint {
  const days = BigInt.asIntN(32, value >> 64n) - 2_440_588n
  return days * 86_400_000_000_000n + BigInt.asIntN(64, value)
}

function signedBytes(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return BigInt.asIntN(bytes.length * 8, value)
}

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function halfFloat(bytes: Uint8Array): number {
  const bits = bytes[0]! | (bytes[1]! << 8)
  const sign = bits >> 15 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024)
}
