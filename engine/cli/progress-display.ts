/** Shows a run's progress on standard error: a redrawn table on a terminal, a line now and then in a log. */
import { createLogUpdate } from 'log-update'
import type { Frame, Plan } from '../host/protocol.ts'
import { runProgress } from './progress-model.ts'
import { progressLine, progressTable } from './progress-table.ts'

const DRAW_MS = 100
/** A run that is over sooner shows nothing at all. */
const QUIET_MS = 500
const LINE_MS = 5000
/** Rates are counted over about this time. */
const RATE_WINDOW_MS = 1000

export interface ProgressDisplay {
  /** Takes the table off the screen so that other text can be written; it comes back by itself. */
  clear(): void
  /** Leaves the last numbers standing. */
  end(): void
}

export interface ProgressSource {
  plan: Plan
  frame(): Frame
}

/** Draws until `end`. */
export function showProgress(source: ProgressSource, stream: NodeJS.WriteStream): ProgressDisplay {
  const window: Frame[] = []
  const now = () => {
    const frame = source.frame()
    window.push(frame)
    // The oldest frame kept is the youngest that is at least the window's length old.
    while (window.length > 1 && frame.elapsedMs - window[1]!.elapsedMs >= RATE_WINDOW_MS) window.shift()
    return runProgress(source.plan, frame, window[0] === frame ? undefined : window[0])
  }
  // Some pseudo-terminals have no size, and nothing can be redrawn there.
  return stream.isTTY && stream.columns > 0 ? drawTable(now, source, stream) : writeLines(now, stream)
}

type Progress = () => ReturnType<typeof runProgress>

function drawTable(now: Progress, source: ProgressSource, stream: NodeJS.WriteStream): ProgressDisplay {
  const screen = createLogUpdate(stream)
  const color = stream.hasColors()
  let drawn = false
  const draw = () => {
    const progress = now()
    if (progress.elapsedMs < QUIET_MS) return
    drawn = true
    screen(progressTable(progress, { columns: stream.columns, rows: stream.rows }, color))
  }
  const timer = setInterval(draw, DRAW_MS)
  return {
    clear: () => drawn && screen.clear(),
    end() {
      clearInterval(timer)
      if (!drawn) return
      // The whole run's rates, not those of its last second.
      const progress = runProgress(source.plan, source.frame())
      screen(progressTable(progress, { columns: stream.columns, rows: stream.rows }, color))
      screen.done()
    },
  }
}

function writeLines(now: Progress, stream: NodeJS.WriteStream): ProgressDisplay {
  let written = false
  const write = () => {
    written = true
    stream.write(`weir: ${progressLine(now())}\n`)
  }
  const timer = setInterval(write, LINE_MS)
  return {
    clear() {},
    end() {
      clearInterval(timer)
      if (written) write()
    },
  }
}
