/** Records at a steady rate. */
import { z } from 'zod'
import { field } from '../../spec/fields.ts'
import { defineProcessor } from '../../spec/node.ts'
import { TokenBucket } from '../../spec/token-bucket.ts'

/** Timers are not finer than this; at higher rates several records leave together. */
const TIMER_MS = 1

export const throttle = defineProcessor({
  type: 'throttle',
  title: 'Throttle',
  summary: 'Lets records through at no more than a given rate.',
  docs: `A bucket holds up to **burst** tokens and starts full; **rate** tokens a second flow into it, and every record takes one as it leaves. So after a pause up to **burst** records leave at once, and beyond that one leaves every 1/**rate** seconds. Records wait in the wire before it, which fills up and holds back the source; none is dropped.

Up to 1000 records a second each record leaves at its own time. Above, the records of a millisecond leave together, and the rate still holds.

**Bad input**: none; any record will do.`,
  config: () =>
    z.object({
      rate: field(z.number().min(0.001).max(100_000_000).default(10), {
        title: 'Rate',
        description: 'How many records may leave in a second, on average.',
        unit: 'records/s',
      }),
      burst: field(z.number().int().min(1).max(1_000_000).default(1), {
        title: 'Burst',
        description: 'How many records may leave at once after a pause.',
        unit: 'records',
      }),
    }),
  look: { icon: 'circle-gauge', face: '{rate} / s · burst {burst}' },
  laws: { ordered: true, conserves: true, holds: 1 },
  examples: [
    {
      title: 'Ten a second: the first at once, the others every 100 ms',
      config: { rate: 10 },
      in: { in: [1, 2, 3] },
      out: { out: [1, 2, 3] },
      endsAtMs: 200,
    },
    {
      title: 'With a burst of three',
      config: { rate: 10, burst: 3 },
      in: { in: [1, 2, 3, 4, 5] },
      out: { out: [1, 2, 3, 4, 5] },
      endsAtMs: 200,
    },
  ],
  async run({ config: { rate, burst }, input, output, clock, signal }) {
    const out = output['out']!
    const bucket = new TokenBucket(rate, burst, clock.now())
    const shortest = rate > 1000 / TIMER_MS ? TIMER_MS : 0
    let idleSince = clock.now()
    for await (const batch of input['in']!) {
      bucket.idle(idleSince, clock.now())
      for (let from = 0; from < batch.length;) {
        const due = Math.min(bucket.due(clock.now()), batch.length - from)
        if (due === 0) {
          await clock.sleep(Math.max(bucket.wait(clock.now()), shortest), signal)
          bucket.waited(clock.now())
          continue
        }
        bucket.take(due)
        const room = out.send(from === 0 && due === batch.length ? batch : batch.slice(from, from + due))
        from += due
        if (room) {
          const blockedSince = clock.now()
          await room
          bucket.idle(blockedSince, clock.now())
        }
      }
      idleSince = clock.now()
    }
  },
})
