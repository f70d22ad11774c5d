/** Counts. */
import { z } from 'zod'
import { field } from '../../spec/fields.ts'
import { defineGenerator } from '../../spec/node.ts'

export const range = defineGenerator({
  type: 'range',
  title: 'Range',
  summary: 'Numbers from one bound to another.',
  docs: 'Makes the numbers `from`, `from + step`, … up to and including `to`. With a pause it makes one number per pause, which is the simplest live source.',
  config: () =>
    z.object({
      from: field(z.number().default(1), { title: 'From', description: 'The first number.' }),
      to: field(z.number().default(100), { title: 'To', description: 'The last number that may be made.' }),
      step: field(z.number().default(1), {
        title: 'Step',
        description: 'Added each time; negative counts down.',
      }),
      pauseMs: field(z.number().min(0).max(3_600_000).default(0), {
        title: 'Pause',
        description: 'Wait between two numbers. 0 is as fast as the flow takes them.',
        unit: 'ms',
      }),
    }),
  check: ({ step }): Record<string, string> => (step === 0 ? { step: 'A step of 0 never ends.' } : {}),
  ports: { out: { out: { type: 'number', description: 'The numbers, in order.' } } },
  look: { icon: 'hash', face: '{from} … {to}' },
  laws: { ordered: true },
  examples: [
    { title: 'One to four', config: { from: 1, to: 4 }, out: { out: [1, 2, 3, 4] } },
    { title: 'Counting down', config: { from: 3, to: 0, step: -1.5 }, out: { out: [3, 1.5, 0] } },
    {
      title: 'Ten times a second',
      config: { from: 1, to: 3, pauseMs: 100 },
      out: { out: [1, 2, 3] },
      endsAtMs: 200,
    },
    { title: 'An empty range', config: { from: 2, to: 1 }, out: {} },
  ],
  split({ config }, wish) {
    if (config.pauseMs > 0) return undefined
    const total = countOf(config)
    const pieces = 'parts' in wish ? wish.parts : Math.ceil(total / Math.max(1, wish.bytes / BYTES_A_NUMBER))
    const at = (piece: number) => Math.round((total * piece) / pieces)
    const parts = Array.from({ length: pieces }, (_, piece): Part => ({ from: at(piece), to: at(piece + 1) }))
    return { parts: parts.filter(({ from, to }) => to > from), records: total }
  },
  async run({ config, output, clock, signal, progress, cedes, parts = whole(config) }) {
    const { from, step, pauseMs } = config
    const out = output['out']!
    for await (const part of parts) {
      const { from: first, to } = part as Part
      let last = to
      let begun = first
      cedes((least) => {
        const middle = Math.ceil((begun + last) / 2)
        if (last - begun < least || middle >= last) return undefined
        const ceded: Part = { from: middle, to: last }
        last = middle
        return ceded
      })
      for (let done = first; done < last;) {
        const length = Math.min(pauseMs > 0 ? 1 : out.batchRecords, last - done)
        begun = done + length
        const room = out.send(numbers(from, step, done, length))
        if (room) await room
        done += length
        progress(done - first, last - first)
        if (pauseMs > 0 && done < last) await clock.sleep(pauseMs, signal)
      }
    }
  },
})

/** A share: the numbers with these places, counted from 0, `to` not included. */
interface Part {
  from: number
  to: number
}

/** A number takes as much in memory, where shares are to be of so many bytes. */
const BYTES_A_NUMBER = 8

/** By itself, so that V8 need not optimise all of `run`, several times over, to make this fast. */
function numbers(from: number, step: number, first: number, length: number): number[] {
  const batch = new Array<number>(length)
  // Multiplied, not added up: 0.1 ten times is 1, and rounding does not pile up.
  for (let i = 0; i < length; i++) batch[i] = from + (first + i) * step
  return batch
}

function countOf({ from, to, step }: { from: number; to: number; step: number }): number {
  return Math.max(0, Math.floor((to - from) / step + 1e-9) + 1)
}

async function* whole(config: { from: number; to: number; step: number }): AsyncIterable<Part> {
  yield { from: 0, to: countOf(config) }
}
