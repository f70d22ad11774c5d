/** The list of cases, in the order in which they run. */
import type { BenchCase } from './case.ts'
import { csvTop, eventsTop, parquetTop } from './events-top.ts'
import { eventsWrite } from './events-write.ts'
import { chain, wide } from './large-flows.ts'
import { branches, numberRecords, numbers, startUp } from './numbers.ts'
import { slowestConsumer } from './slowest-consumer.ts'
import { largeSort, metersCost } from './switches.ts'
import { topPagesFew, topPagesMany } from './top-pages.ts'
import { WORKERS_CASES } from './workers.ts'

export const CASES: readonly BenchCase[] = [
  topPagesMany,
  topPagesFew,
  eventsTop,
  csvTop,
  parquetTop,
  eventsWrite,
  numbers,
  numberRecords,
  branches,
  largeSort,
  ...metersCost,
  ...WORKERS_CASES,
  slowestConsumer,
  chain,
  wide,
  startUp,
]
