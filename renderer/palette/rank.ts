/** Which node types the palette and the picker show for a search, and in which order. */
import type { NodeDescriptor } from '../../engine/host/protocol.ts'
import { mainOutput, portFor } from './fit.ts'
import type { WireEnd } from './fit.ts'

export interface RankOptions {
  query: string
  /** Only types that continue this wire. */
  wire?: WireEnd | undefined
  /** Only types that can stand in the middle of a wire of this type. */
  splice?: WireEnd | undefined
  /** Types used lately, the newest first. */
  recent?: readonly string[]
}

/** The types that match, best first; without a search in the order of the list, recent ones before the others. */
export function rankTypes(descriptors: Iterable<NodeDescriptor>, options: RankOptions): NodeDescriptor[] {
  const words = options.query.toLowerCase().split(/\s+/).filter(Boolean)
  const recent = options.recent ?? []
  const ranked = [...descriptors].flatMap((descriptor, index) => {
    if (options.wire && portFor(descriptor, options.wire) === null) return []
    if (options.splice && !canSplice(descriptor, options.splice)) return []
    const match = matchOf(descriptor, words)
    if (match === 0) return []
    const used = recent.indexOf(descriptor.type)
    return [
      {
        descriptor,
        match,
        exact: exactness(descriptor, options.wire),
        used: used < 0 ? recent.length : used,
        index,
      },
    ]
  })
  ranked.sort((a, b) => b.match - a.match || b.exact - a.exact || a.used - b.used || a.index - b.index)
  return ranked.map(({ descriptor }) => descriptor)
}

/** How well the words match: 0 not at all; a title that begins with them counts most, a summary that has them least. */
function matchOf(descriptor: NodeDescriptor, words: readonly string[]): number {
  if (words.length === 0) return 1
  const title = descriptor.title.toLowerCase()
  const type = descriptor.type.toLowerCase()
  const summary = descriptor.summary.toLowerCase()
  let worst = 4
  for (const word of words) {
    const names = [title, type]
    const score = names.some((name) => name.startsWith(word))
      ? 4
      : names.some((name) => name.split(/[\s-]+/).some((part) => part.startsWith(word)))
        ? 3
        : names.some((name) => name.includes(word))
          ? 2
          : summary.includes(word)
            ? 1
            : 0
    worst = Math.min(worst, score)
  }
  return worst
}

/** A port made for exactly this type goes before one that takes anything. */
function exactness(descriptor: NodeDescriptor, wire: WireEnd | undefined): number {
  if (!wire || wire.type === 'any') return 0
  const ports = wire.direction === 'out' ? descriptor.ports.in : descriptor.ports.out
  return Object.values(ports).some((port) => port.type === wire.type) ? 1 : 0
}

function canSplice(descriptor: NodeDescriptor, wire: WireEnd): boolean {
  return portFor(descriptor, { ...wire, direction: 'out' }) !== null && mainOutput(descriptor) !== null
}
