/**
 * The time as it was last read in this thread. A batch passes the nodes of a stage one after the other, so the moment
 * at which one is done is the moment at which the next begins: one reading a node, where reading costs 50 ns.
 */
export const stopwatch = {
  /** In milliseconds, as of the last `read`. */
  now: 0,
  read(): number {
    return (stopwatch.now = performance.now())
  },
}
