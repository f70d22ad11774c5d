/** Which port may be wired to which. */
import type { PortType } from '../spec/node.ts'

/** True where records of an output of type `from` may enter an input of type `to`. */
export function portsFit(from: PortType, to: PortType): boolean {
  if (from === 'any' || to === 'any' || from === to) return true
  // What leaves by an error port is an object like others.
  return from === 'error' && to === 'record'
}
