/** Repeats a request at a bounded rate: one under way at a time, none while nobody looks. */

/**
 * Runs `task` at once and then every `everyMs` after the start of the one before, or later where that took longer.
 * Returns the way to end it; a task under way is not interrupted.
 */
export function poll(
  task: () => Promise<unknown>,
  everyMs: number,
  isSeen: () => boolean = pageIsSeen,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  const turn = async () => {
    const started = performance.now()
    // The task tells its own trouble; the next turn may go well again.
    if (isSeen()) await task().catch(() => undefined)
    if (!stopped) timer = setTimeout(() => void turn(), Math.max(0, started + everyMs - performance.now()))
  }
  void turn()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}

function pageIsSeen(): boolean {
  return document.visibilityState === 'visible'
}
