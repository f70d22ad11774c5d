/** The queues of the edges that leave a shared stage: what its workers have sent goes in, in the order of the shares. */
import type { EncodedBatch } from '../spec/node.ts'
import { RecordFile } from '../spill/record-file.ts'
import type { Channel, Queued } from './channel.ts'
import type { FromPart } from './part-protocol.ts'
import { unpacked, type Travelling } from './travelling.ts'

export class LeavingEdges {
  readonly #channels: ReadonlyMap<string, Channel<Queued>>
  #ended = false

  /** @param channels by edge id */
  constructor(channels: ReadonlyMap<string, Channel<Queued>>) {
    this.#channels = channels
  }

  /** What comes from now on is dropped and counted. */
  end(): void {
    this.#ended = true
    for (const channel of this.#channels.values()) channel.end()
  }

  async pass(edge: string, batch: Queued | Travelling, bytes: number): Promise<void> {
    const channel = this.#channels.get(edge)
    if (!channel) throw new Error(`a part sent records by the edge ${edge}, which does not leave it`)
    const room = channel.push('bytes' in batch ? batch : unpacked(batch), bytes)
    if (room) await room
  }

  /** Passes what a worker has laid on disk, and removes the file. @throws NodeError where it cannot be read */
  async passLaid({ edge, file: data, records }: Extract<FromPart, { say: 'laid' }>): Promise<void> {
    const file = RecordFile.from<EncodedBatch>(data)
    let left = records
    try {
      for (const piece of this.#ended ? [] : file) {
        left -= piece.length
        await this.pass(edge, piece, piece.bytes.length)
        if (this.#ended) break
      }
      // Nobody reads the rest from the disk to count it.
      if (left > 0) await this.pass(edge, { length: left, bytes: new Uint8Array(), failures: [] }, 0)
    } finally {
      file.remove()
    }
  }
}
