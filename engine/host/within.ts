/** Waiting for something, but not for ever. */

/** The value in a box, or nothing where it took too long or the worker went away. */
export async function within<Value>(
  ms: number,
  promise: Promise<Value>,
): Promise<{ value: Value } | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    // Behind a turn: where this thread was late itself, the answer may be there already.
    timer = setTimeout(() => setImmediate(() => resolve(undefined)), ms)
  })
  try {
    return await Promise.race([promise.then((value) => ({ value })).catch(() => undefined), late])
  } finally {
    clearTimeout(timer)
  }
}
