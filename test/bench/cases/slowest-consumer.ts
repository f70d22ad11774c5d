/** A hundred million records behind a node that lets few of them through. */
import { MB } from './case.ts'
import type { StallCase } from './case.ts'
import { chainFlow } from './chain-flow.ts'

export const slowestConsumer: StallCase = {
  kind: 'stall',
  id: 'slowest-consumer',
  title: 'Slowest consumer, 100 million records upstream',
  work: 'A hundred million records wait behind a throttle of a thousand a second; watched, then stopped.',
  data: [],
  records: () => 100_000_000,
  seconds: 6,
  flow: ({ records }) =>
    chainFlow('Slowest consumer', [
      { id: 'range', type: 'range', config: { from: 1, to: records } },
      { id: 'record', type: 'map', config: { value: '({ n: record, text: "record " + record })' } },
      { id: 'slow', type: 'throttle', config: { rate: 1000 } },
      { id: 'out', type: 'discard' },
    ]),
  bars: [
    { kind: 'figure', of: 'growth', atMost: 16 * MB, say: 'memory flat: grows by at most 16 MB' },
    { kind: 'figure', of: 'stop', atMost: 0.2, say: 'stops within 200 ms' },
  ],
}
