/** Where SQL would count and show its records, for tests that look at neither. */
import type { MergeContext } from '../../../engine/runtime/part-work.ts'

const meters = {
  set: () => {},
  add: () => {},
  setState: () => {},
  get: () => 0,
  passed: () => {},
  setAbout: () => {},
}
export const silentContext = {
  meters: () => meters,
  edge: () => meters,
  show: () => {},
  signal: new AbortController().signal,
} as unknown as MergeContext
