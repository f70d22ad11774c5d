/** The progress of a run, shown once it has lasted so long that somebody may want to know: most runs are over before. */
import { writeMeters } from './meter-lines.ts'
import type { ProgressDisplay, ProgressSource } from './progress-display.ts'
import { isScreen } from './terminal.ts'

/** On a terminal, and in a log. */
const TABLE_AFTER_MS = 500
const LINES_AFTER_MS = 5000

/** @param how `meters`: the numbers themselves, as JSON, from the start */
export function showProgressLate(
  source: ProgressSource,
  stream: NodeJS.WriteStream,
  how: { meters?: boolean; quiet?: boolean },
): ProgressDisplay {
  if (how.meters) return writeMeters(source, stream)
  if (how.quiet) return { clear() {}, end() {} }
  let display: ProgressDisplay | undefined
  let ended = false
  const show = async () => {
    // Loaded when it is wanted: it would take the processor from threads that start.
    const { showProgress } = await import('./progress-display.ts')
    if (!ended) display = showProgress(source, stream)
  }
  const timer = setTimeout(() => void show(), isScreen(stream) ? TABLE_AFTER_MS : LINES_AFTER_MS)
  return {
    clear: () => display?.clear(),
    end() {
      ended = true
      clearTimeout(timer)
      display?.end()
    },
  }
}
