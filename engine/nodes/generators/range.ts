/** Counts. */
import { z } from 'zod'
import { BATCH_RECORDS } from '../../spec/batches.ts'
import { field } from '../../spec/fields.ts'
import { defineGenerator } from '../../spec/node.ts'

export const range = defineGenerator({
  type: 'range',
  title: 'Range',
  summary: 'Numbers from one bound to another.',
  docs: 'Makes the numbers `from`, `from + step`, … up to and including `to`. With a pause it makes one number per pause, which is the simplest live source.',
  config: z.object({
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
  async run({ config: { from, to, step, pauseMs }, output, clock, signal, progress }) {
    const total = Math.max(0, Math.floor((to - from) / step + 1e-9) + 1)
    const size = pauseMs > 0 ? 1 : BATCH_RECORDS
    for (let done = 0; done < total;) {
      const length = Math.min(size, total - done)
      const batch = new Array<number>(length)
      // Multiplied, not added up: 0.1 ten times is 1, and rounding does not pile up.
      for (let i = 0; i < length; i++) batch[i] = from + (done + i) * step
      const room = output['out']!.send(batch)
      if (room) await room
      done += length
      progress(done, total)
      if (pauseMs > 0 && done < total) await clock.sleep(pauseMs, signal)
    }
  },
})
