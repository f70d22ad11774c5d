/**
 * Texts from bytes and back by the functions that `toString` and `write` of a Buffer call after they have looked at the
 * name of the encoding, which takes as long as a short text does. Where a Node has them no more, those two are called.
 */

interface Direct {
  latin1Slice?(from: number, to: number): string
  utf8Write?(text: string, at: number): number
}
const direct = Buffer.prototype as unknown as Direct

/** The text whose characters are the bytes of a range. */
export const latin1Text: (bytes: Buffer, from: number, to: number) => string =
  direct.latin1Slice === undefined
    ? (bytes, from, to) => bytes.toString('latin1', from, to)
    : (bytes, from, to) => (bytes as unknown as Required<Direct>).latin1Slice(from, to)

/** Writes a text as UTF-8; returns how many bytes that took. */
export const writeUtf8: (into: Buffer, text: string, at: number) => number =
  direct.utf8Write === undefined
    ? (into, text, at) => into.write(text, at, 'utf8')
    : (into, text, at) => (into as unknown as Required<Direct>).utf8Write(text, at)
