/** What parts hand to each other arrives once, in order, a few pieces at a time; nobody waits for one that is gone. */
import { describe, expect, it } from 'vitest'
import { PartExchange } from '../../../engine/runtime/part-exchange.ts'
import { PIECES } from '../../../engine/runtime/part-protocol.ts'

/** The parts of a stage, and a run that relays what they say a turn later. */
function partsOf(count: number): PartExchange[] {
  const parts = Array.from(
    { length: count },
    (_, part): PartExchange =>
      new PartExchange({ part, parts: count }, (message) => {
        const sent = structuredClone(message)
        setImmediate(() => {
          if (sent.say === 'bucket') parts[sent.to]!.hear({ ...sent, from: part })
          else parts[sent.from]!.hear({ ...sent, to: part })
        })
      }),
  )
  return parts
}

async function read(part: PartExchange, node: string, from: number): Promise<unknown[]> {
  const got: unknown[] = []
  for await (const { data } of part.pieces(node, from)) got.push(data)
  return got
}

const turns = async (count: number) => {
  for (let at = 0; at < count; at++) await new Promise((resolve) => setImmediate(resolve))
}

describe('parts of a stage', () => {
  it('give each other all pieces, in order, for each node by itself', async () => {
    const parts = partsOf(3)
    const sendAll = async (part: PartExchange) => {
      for (const node of ['a', 'b']) {
        await Promise.all(
          parts.map(async (_, to) => {
            if (to === part.part) return
            for (let at = 0; at < 3 * PIECES; at++)
              await part.send(node, to, { data: `${node}${part.part}${to} ${at}` })
            part.end(node, to)
          }),
        )
      }
    }
    const readAll = async (part: PartExchange) => {
      for (const node of ['a', 'b']) {
        for (const { part: from } of parts) {
          if (from === part.part) continue
          const wanted = Array.from({ length: 3 * PIECES }, (_, at) => `${node}${from}${part.part} ${at}`)
          expect(await read(part, node, from)).toEqual(wanted)
        }
      }
    }
    await Promise.all([...parts.map(sendAll), ...parts.map(readAll)])
    expect(parts.map(({ isVoid }) => isVoid)).toEqual([false, false, false])
  })

  it('wait where the other one does not take', async () => {
    const [one, two] = partsOf(2) as [PartExchange, PartExchange]
    let sent = 0
    const sending = (async () => {
      for (; sent < 100; sent++) await one.send('a', 1, { data: sent })
      one.end('a', 1)
    })()
    await turns(20)
    expect(sent).toBe(PIECES - 1)
    expect(await read(two, 'a', 0)).toHaveLength(100)
    await sending
  })

  it('do not wait for one that is gone, but read what it had sent', async () => {
    const [one, two, three] = partsOf(3) as [PartExchange, PartExchange, PartExchange]
    void one.send('a', 1, { data: 'first' })
    one.end('a', 2)
    const reading = read(two, 'a', 0)
    await turns(2)
    for (const part of [two, three]) part.hear({ say: 'gone', part: 0 })
    expect(await reading).toEqual(['first'])
    expect(two.isVoid).toBe(true)
    // It had said all to this one.
    expect(await read(three, 'a', 0)).toEqual([])
    expect(three.isVoid).toBe(false)
    for (let at = 0; at < 2 * PIECES; at++) expect(two.send('a', 0, { data: at })).toBeUndefined()
  })

  it('let go of whoever waits when the run has failed', async () => {
    const [one, two] = partsOf(2) as [PartExchange, PartExchange]
    const reading = read(one, 'a', 1)
    const sending = (async () => {
      for (let at = 0; at < 2 * PIECES; at++) await two.send('a', 0, { data: at })
    })()
    one.fail()
    two.fail()
    expect(await reading).toEqual([])
    await sending
    expect([one.isVoid, two.isVoid]).toEqual([true, true])
  })
})
