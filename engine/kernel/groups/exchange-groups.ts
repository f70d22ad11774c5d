/**
 * Divides the groups of all parts of a stage among them by key, so that each part can finish its own keys: what it has
 * of others' goes to these, and theirs of its own are merged into its table, which still holds the others' too.
 */
import type { PartExchange } from '../../runtime/part-work.ts'
import type { Piece } from '../../spec/division.ts'
import { BucketRooms } from './bucket-rooms.ts'
import { divideLeft } from './divide-left.ts'
import type { ByHash } from './group-bytes.ts'
import type { KernelGroups } from './kernel-groups.ts'
import type { KernelMemory } from '../kernel-memory.ts'
import { FIRST_BITS } from './group-file.ts'
import type { Left } from './packed-groups.ts'

/** Groups of one part that leave for another one in one buffer. */
const ROOM_BYTES = 256 * 1024

export interface ExchangeSetup {
  memory: KernelMemory
  groups: KernelGroups
  keys: number
  exchange: PartExchange
  /** The node that holds the groups. */
  node: string
}

/** What a part says before anything else, and behind it whole groups, and at the end what JavaScript holds beside them. */
type Said = { willing: boolean; hasLeft: boolean } | { groups: Uint8Array } | { left: Left }

/** The groups of a table that are a part's own, when it has all that there is of them. */
export interface OwnGroups {
  by: ByHash
  bucket: number
}

/**
 * Settles when the table has all groups of this part's keys; tells which these are.
 * Undefined where not every part is willing, or some part has gone: then nothing has been exchanged.
 * @param willing whether this part could exchange its groups
 */
export async function exchangeGroups(setup: ExchangeSetup, willing: boolean): Promise<OwnGroups | undefined> {
  const { groups, exchange, node } = setup
  const others = Array.from({ length: exchange.parts }, (_, part) => part).filter(
    (part) => part !== exchange.part,
  )
  const incoming = new Map(others.map((from) => [from, exchange.pieces(node, from)[Symbol.asyncIterator]()]))
  const hasLeft = groups.states.size > 0 || groups.values.size > 0
  for (const to of others) await exchange.send(node, to, { data: { willing, hasLeft } satisfies Said })
  const heads = new Map<number, Extract<Said, { willing: boolean }>>()
  for (const [from, pieces] of incoming) {
    const { value } = (await pieces.next()) as { value?: Piece }
    if (value) heads.set(from, value.data as Extract<Said, { willing: boolean }>)
  }
  const agreed = willing && others.every((from) => heads.get(from)?.willing)
  const by: ByHash = { ...FIRST_BITS, buckets: exchange.parts }
  const sending = agreed ? send(setup, by, others) : endAll(setup, others)
  const taking = [...incoming].map(([from, pieces]) =>
    take(groups, pieces, heads.get(from)?.hasLeft ?? false),
  )
  await Promise.all([sending, ...taking])
  if (!agreed || exchange.isVoid) return undefined
  return { by, bucket: exchange.part }
}

function endAll({ exchange, node }: ExchangeSetup, others: readonly number[]): void {
  for (const to of others) exchange.end(node, to)
}

async function send(setup: ExchangeSetup, by: ByHash, others: readonly number[]): Promise<void> {
  const { memory, groups, keys, exchange, node } = setup
  const aggregates = groups.functions.length
  // As they are now: others' groups are merged in meanwhile.
  const ranges = groups.pieces()
  const left = divideLeft(groups.packLeft(), { memory, ranges, shape: { aggregates, keys }, by })
  const rooms = new BucketRooms({ memory, buckets: exchange.parts, roomBytes: ROOM_BYTES })
  for (const range of ranges) {
    const leaving: [number, Uint8Array<ArrayBuffer>][] = []
    rooms.scatter({ address: groups.address, aggregates }, range, by, (to, bytes) => {
      if (to !== exchange.part) leaving.push([to, new Uint8Array(bytes)])
    })
    for (const [to, bytes] of leaving) {
      const data = { groups: bytes } satisfies Said
      await exchange.send(node, to, { data, buffers: [bytes.buffer] })
    }
  }
  for (const to of others) {
    const part = left.get(to)
    if (part) await exchange.send(node, to, { data: { left: part } satisfies Said })
    exchange.end(node, to)
  }
}

async function take(groups: KernelGroups, pieces: AsyncIterator<Piece>, hasLeft: boolean): Promise<void> {
  const indexes = hasLeft ? new Map<number, number>() : undefined
  for (;;) {
    const { done, value } = await pieces.next()
    if (done) return
    const said = value.data as Said
    if ('groups' in said) groups.mergeChunk({ bytes: said.groups }, { indexes })
    else if ('left' in said) groups.mergeLeft(said.left, indexes)
  }
}
