/** Shows a run's progress on standard error: a redrawn table on a terminal, a line now and then in a log. */
import { createLogUpdate } from 'log-update'
import type { Frame, Plan } from '../host/protocol.ts'
import { runProgress } from './progress-model.ts'
import { progressLine, progressTable } from './progress-table.ts'
import { isScreen } from './terminal.ts'

const DRAW_MS = 100
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

/** Draws at once, and until `end`. Called when a run has lasted for a while; see late-progress.ts. */
export function showProgress(source: ProgressSource, stream: NodeJS.WriteStream): ProgressDisplay {
  const window: Frame[] = []
  const now = () => {
    const frame = source.frame()
    window.push(frame)
    // The oldest frame kept is the youngest that is at least the window's length old.
    while (window.length > 1 && frame.elapsedMs - window[1]!.elapsedMs >= RATE_WINDOW_MS) window.shift()
    return runProgress(source.plan, frame, window[0] === frame ? undefined : window[0])
  }
  return isScreen(stream) ? drawTable(now, source, stream) : writeLines(now, stream)
}

type Progress = () => ReturnType<typeof runProgress>

function drawTable(now: Progress, source: ProgressSource, stream: NodeJS.WriteStream): ProgressDisplay {
  const screen = createLogUpdate(stream)
  const color = stream.hasColors()
  const draw = () => {
    screen(progressTable(now(), { columns: stream.columns, rows: stream.rows }, color))
  }
  draw()
  const timer = setInterval(draw, DRAW_MS)
  return {
    clear: () => screen.clear(),
    end() {
      clearInterval(timer)
      // The whole run's rates, not those of its last second.
      const progress = runProgress(source.plan, source.frame())
      screen(progressTable(progress, { columns: stream.columns, rows: stream.rows }, color))
      screen.done()
    },
  }
}

function writeLines(now: Progress, stream: NodeJS.WriteStream): ProgressDisplay {
  const write = () => void stream.write(`weir: ${progressLine(now())}\n`)
  write()
  const timer = setInterval(write, LINE_MS)
  return {
    clear() {},
    end() {
      clearInterval(timer)
      write()
    },
  }
}
