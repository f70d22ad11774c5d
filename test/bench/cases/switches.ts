/** Cases that compare Weir with itself under a switch of `weir run`, measured once the switch is there. */
import { DATA_SETS } from '../data/sets.ts'
import type { Contender, RaceCase } from './case.ts'
import { MB } from './case.ts'
import { chainFlow } from './chain-flow.ts'
import { eventsTop } from './events-top.ts'
import { eventsWrite } from './events-write.ts'
import { branches, longer, numberRecords, numbers } from './numbers.ts'
import { topPagesMany } from './top-pages.ts'

const weir = (id: string, title: string, args: string[]): Contender => ({
  id,
  title,
  command: () => ({ peer: 'weir', args }),
})

/** The switch that leaves out meters and taps. */
const NO_METERS = '--no-meters'
const MEMORY = '--memory'

/** Two hundredths are less than a run differs from the next one. */
const METERS_PAIRS = 31

const metersOf = (of: RaceCase): RaceCase => ({
  ...of,
  id: `meters-${of.id}`,
  title: `Meters and taps on, against off: ${of.title}`,
  needs: { options: [NO_METERS] },
  contenders: [weir('weir', 'Weir', []), weir('weir-off', 'Weir, meters and taps off', [NO_METERS])],
  pairs: METERS_PAIRS,
  bars: [
    { kind: 'cost', than: 'weir-off', of: 'processor', atMost: 0.02, say: 'at most 2 % of processor time' },
    { kind: 'cost', than: 'weir-off', of: 'wall', atMost: 0.02, say: 'at most 2 % of wall time' },
  ],
})

export const metersCost = [
  numbers,
  numberRecords,
  branches,
  longer(numbers),
  longer(numberRecords),
  topPagesMany,
  eventsTop,
  eventsWrite,
].map(metersOf)

export const largeSort: RaceCase = {
  kind: 'race',
  id: 'large-sort',
  title: 'Sort four times the memory limit',
  work: 'Sorts the lines of a 1 GB log under a limit of 256 MB, and writes them.',
  data: ['log-many'],
  records: DATA_SETS['log-many'].records,
  needs: { options: [MEMORY] },
  flow: ({ data, out }) =>
    chainFlow('Large sort', [
      { id: 'log', type: 'file', config: { path: data('log-many'), format: 'lines' } },
      { id: 'sort', type: 'sort', config: { maxRecords: 50_000_000 } },
      { id: 'out', type: 'write-file', config: { path: out, format: 'lines' } },
    ]),
  contenders: [
    weir('weir', 'Weir, 256 MB', [MEMORY, '256MB']),
    {
      id: 'sort',
      title: 'sort -S 256M',
      command: ({ data, out }) => ({
        peer: 'shell',
        script: `sort -S 256M -o '${out}' '${data('log-many')}'`,
      }),
    },
    {
      id: 'duckdb',
      title: 'DuckDB, 256 MB',
      command: ({ data, out }) => ({
        peer: 'duckdb',
        sql:
          `SET memory_limit = '256MB'; SET temp_directory = '${out}.tmp'; ` +
          `COPY (SELECT line FROM read_csv('${data('log-many')}', delim = '\\x01', quote = '', escape = '', header = false, ` +
          `auto_detect = false, columns = {line: 'VARCHAR'}) ORDER BY line) TO '${out}' (FORMAT csv, HEADER false, QUOTE '', DELIMITER '\\x01')`,
      }),
    },
  ],
  answer: 'bytes-file',
  bars: [{ kind: 'peak', atMost: 1.5 * 256 * MB, say: 'finishes, peak memory at most 1.5 × the limit' }],
}
