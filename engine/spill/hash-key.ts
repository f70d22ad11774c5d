/** A number for a key, so that keys can be divided among partitions. */
import type { Key } from '../spec/identity.ts'

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

/** 32 bits, well mixed. Equal keys have equal numbers; another seed divides the same keys differently. */
export function hashKey(key: Key, seed = 0): number {
  let hash = 0x811c9dc5 ^ Math.imul(seed + 1, 0x9e3779b1)
  switch (typeof key) {
    case 'number':
      // 0 and -0 are one key to a Map, and so are all NaN.
      double[0] = key === 0 ? 0 : Number.isNaN(key) ? NaN : key
      hash = Math.imul(hash ^ words[0]!, 0x01000193)
      hash = Math.imul(hash ^ words[1]!, 0x01000193)
      break
    case 'string':
      hash = addText(hash, key)
      break
    default:
      hash = addText(hash ^ 0x5bd1e995, String(key))
  }
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function addText(start: number, text: string): number {
  let hash = start
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}
