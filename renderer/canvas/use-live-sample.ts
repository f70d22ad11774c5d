/** A reading of the run for small pieces of React: taken at most once a second, rendered only when its text changes. */
import { useEffect, useState } from 'react'
import { onLive } from './edge-readings.ts'

const EVERY_MS = 1000

/** `read` must be a constant. Compared as JSON, so keep it small. */
export function useLiveSample<Value>(read: () => Value): Value {
  const [value, setValue] = useState(read)
  useEffect(() => {
    let takenAt = -Infinity
    let shown = ''
    let late: ReturnType<typeof setTimeout> | undefined
    const take = () => {
      clearTimeout(late)
      takenAt = performance.now()
      const next = read()
      const text = JSON.stringify(next) ?? ''
      if (text !== shown) setValue(next)
      shown = text
    }
    const stop = onLive(() => {
      const wait = takenAt + EVERY_MS - performance.now()
      clearTimeout(late)
      if (wait <= 0) take()
      // The last frame of a run must not be lost to the throttle.
      else late = setTimeout(take, wait)
    })
    return () => {
      stop()
      clearTimeout(late)
    }
  }, [read])
  return value
}
