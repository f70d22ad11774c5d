/**
 * Weir with two workers against one, and against two runs at once with one worker each: that is twice the work, by
 * processes that share nothing, so it tells what the machine has to give to two of anything.
 */
import { existsSync, linkSync, mkdirSync, rmSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { DATA_SETS } from '../data/sets.ts'
import type { Contender, RaceCase } from './case.ts'
import { chainFlow } from './chain-flow.ts'
import { csvTop, eventsTop } from './events-top.ts'
import { longer, numbers } from './numbers.ts'
import { topPagesMany } from './top-pages.ts'

const WORKERS = '--workers'

const weir = (id: string, title: string, workers: number, together = 1): Contender => ({
  id,
  title,
  together,
  command: () => ({ peer: 'weir', args: [WORKERS, String(workers)] }),
})

const twoWorkers = (of: RaceCase): RaceCase => ({
  ...of,
  id: `workers-${of.id}`,
  title: `Two workers against one: ${of.title}`,
  needs: { options: [WORKERS] },
  contenders: [
    weir('weir', 'Weir, two workers', 2),
    weir('weir-1', 'Weir, one worker', 1),
    weir('weir-pair', 'Weir, one worker, two runs at once', 1, 2),
  ],
  bars: [{ kind: 'speed', than: 'weir-1', atLeast: 1.7, say: 'at least 1.7 × one worker' }],
})

/** As long as the work is long, the start of a program does not count. */
const bothLogs: RaceCase = {
  ...topPagesMany,
  id: 'top-pages-both',
  title: 'Top 5 pages of two logs, 2 GB',
  work: 'The same over both logs, as one pattern.',
  data: ['log-many', 'log-few'],
  records: (scale) => DATA_SETS['log-many'].records(scale) + DATA_SETS['log-few'].records(scale),
  flow: (scene) => {
    const [many, few] = [scene.data('log-many'), scene.data('log-few')]
    const flow = topPagesMany.flow(scene)
    flow.nodes['log']!.config!['path'] = many.replace('log-many', '{log-many,log-few}')
    if (few !== many.replace('log-many', 'log-few')) throw new Error('the logs lie in different folders')
    return flow
  },
}

/** Several seconds of work: what happens once in a run hardly counts. */
function severalTimes(of: RaceCase, times: number, title: string): RaceCase {
  return {
    ...of,
    id: `${of.id}-long`,
    title,
    work: `The same over ${times} links to each file, as one pattern.`,
    records: (scale) => times * of.records(scale),
    flow: (scene) => {
      const files = of.data.map((id) => scene.data(id))
      const folder = join(dirname(files[0]!), `links-to-${basename(files[0]!)}`)
      // A flow may be looked at before there is data.
      for (const file of files.filter((file) => existsSync(file))) {
        mkdirSync(folder, { recursive: true })
        for (let time = 1; time <= times; time++) {
          const link = join(folder, `${time}-${basename(file)}`)
          rmSync(link, { force: true })
          linkSync(file, link)
        }
      }
      const flow = of.flow(scene)
      const [input] = Object.values(flow.nodes)
      input!.config!['path'] = join(folder, `*${extname(files[0]!)}`)
      return flow
    },
  }
}

/** JavaScript for each record, so that each is made. */
const rows: RaceCase = {
  ...csvTop,
  id: 'csv-rows',
  title: 'CSV: map with JavaScript, sum by key, top 10',
  work: 'Makes a record of each row, rounds bytes up to KiB in JavaScript, sums by user, prints the ten largest.',
  flow: ({ data }) =>
    chainFlow('Users by KiB', [
      { id: 'events', type: 'file', config: { path: data('events-csv'), format: 'csv' } },
      {
        id: 'kib',
        type: 'map',
        config: { value: '({ user: record.user, kib: Math.ceil(record.bytes / 1024) })' },
      },
      {
        id: 'users',
        type: 'group',
        config: { by: ['user'], aggregates: [{ as: 'kib', fn: 'sum', field: 'kib' }] },
      },
      { id: 'top', type: 'top', config: { by: 'kib', n: 10 } },
      { id: 'out', type: 'table' },
    ]),
}

export const WORKERS_CASES: readonly RaceCase[] = [
  topPagesMany,
  bothLogs,
  severalTimes(bothLogs, 4, 'Top 5 pages of 8 logs, 8 GB'),
  eventsTop,
  severalTimes(eventsTop, 8, 'NDJSON, 8 files, 3.4 GB: filter, sum by key, top 10'),
  rows,
  severalTimes(rows, 4, 'CSV, 4 files, 0.9 GB: map with JavaScript, sum by key, top 10'),
  numbers,
  longer(numbers),
].map(twoWorkers)
