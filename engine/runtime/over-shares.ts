/** How a source meets the shares that its worker does: one behind the other, with one progress. */
import type { RunContext } from '../spec/node.ts'
import type { NodeMeters } from './meter.ts'

export interface OverShares {
  shares: AsyncIterable<unknown>
  meters: NodeMeters
  /** The time until the next share comes is not the source's. */
  switchTo(phase: 'waiting' | 'running'): void
  /** Called behind each share. */
  through(): void
}

/** A source tells of the share at hand; the ones before are added here, and the run knows the total. */
export function overShares({
  shares,
  meters,
  switchTo,
  through,
}: OverShares): Pick<RunContext<unknown>, 'parts' | 'progress'> {
  // This thread may have done others before.
  let before = meters.get('progressDone')
  let done = 0
  return {
    progress(count) {
      done = count
      meters.set('progressDone', before + done)
    },
    parts: (async function* () {
      switchTo('waiting')
      for await (const share of shares) {
        switchTo('running')
        before += done
        done = 0
        yield share
        through()
        switchTo('waiting')
      }
      switchTo('running')
    })(),
  }
}
