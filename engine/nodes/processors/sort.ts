/** The same records in order. */
import { z } from 'zod'
import { Budget } from '../../spec/budget.ts'
import { recordComparator, sortReader } from '../../spec/compare.ts'
import { field } from '../../spec/fields.ts'
import { defineProcessor, type Fold, type Memory } from '../../spec/node.ts'
import { RecordSorter } from '../../spill/sort/record-sorter.ts'

const config = () =>
  z.object({
    by: field(
      z
        .array(
          z.object({
            field: field(z.string().optional(), {
              title: 'Field',
              description: 'The field to sort by. Empty: the record itself.',
              editor: 'field',
            }),
            order: field(z.enum(['asc', 'desc']).default('asc'), {
              title: 'Order',
              description: 'asc: smallest first. desc: largest first.',
            }),
          }),
        )
        .min(1)
        .default([{ order: 'asc' }]),
      { title: 'Sort by', description: 'The first field that differs decides.' },
    ),
    maxRecords: field(z.number().int().min(1).optional(), {
      title: 'Limit',
      description: 'Records that may come; beyond it the node fails. Empty: as many as the disk holds.',
      unit: 'records',
      advanced: true,
    }),
  })

type Config = z.infer<ReturnType<typeof config>>

interface State {
  sorter: RecordSorter
  budget: Budget
}

export const sort = defineProcessor<Config>({
  type: 'sort',
  title: 'Sort',
  summary: 'Puts all records in order.',
  docs: `Holds all records until the input ends, then sends them in order; what does not fit into the memory of the run waits in temporary files. Records that are equal in all fields of the list keep the order in which they came.

Numbers come before texts, texts before booleans, dates and other values; NaN comes after all numbers; null and missing come last. **desc** turns the order round within each kind only, so that a stray "n/a" is never on top of the largest numbers. Texts are compared by character code: capitals before small letters, the same on every machine.

**Bad input**: a record that is not an object, where a field is wanted, or that is one, where none is named, leaves by **error**. For the first few of many use **top**.`,
  config,
  look: { icon: 'arrow-down-up', face: 'by {by.field}' },
  laws: { conserves: true, holds: 'all' },
  examples: [
    {
      title: 'Numbers',
      config: {},
      in: { in: [10, 9, 'b', null, 2] },
      out: { out: [2, 9, 10, 'b', null] },
    },
    {
      title: 'By two fields',
      config: {
        by: [
          { field: 'team', order: 'asc' },
          { field: 'points', order: 'desc' },
        ],
      },
      in: {
        in: [
          { team: 'b', points: 1 },
          { team: 'a', points: 1 },
          { team: 'a', points: 3 },
          { team: 'a', points: 'n/a' },
        ],
      },
      out: {
        out: [
          { team: 'a', points: 3 },
          { team: 'a', points: 1 },
          { team: 'a', points: 'n/a' },
          { team: 'b', points: 1 },
        ],
      },
    },
    {
      title: 'A record without fields',
      config: { by: [{ field: 'points', order: 'asc' }] },
      in: { in: [{ points: 1 }, 5] },
      out: {
        out: [{ points: 1 }],
        error: [
          {
            reason: 'the record is the number 5, so it has no field "points"',
            node: 'sort',
            record: 5,
            number: 2,
          },
        ],
      },
    },
  ],
  sorts: ({ by }) => by[0],
  fold: ({ config, memory }) => sortFold(config, memory) as Fold<unknown>,
})

function sortFold({ by, maxRecords }: Config, memory: Memory): Fold<State> {
  const readers = by.map((key) => sortReader(key.field ?? ''))
  const levels = by.map(({ order }, at) => ({
    read: readers[at]!,
    sign: order === 'asc' ? (1 as const) : (-1 as const),
  }))
  const compare = recordComparator(by)
  return {
    init: () => ({
      sorter: new RecordSorter(memory, { levels, compare }),
      budget: new Budget({
        limit: maxRecords,
        what: 'records',
        field: 'maxRecords',
        remedy: 'Use “top” for the first few, filter before sorting',
      }),
    }),
    add({ sorter, budget }, record) {
      // Read here, so that a record that cannot be compared fails by itself and not in the middle of the sort.
      for (const read of readers) read(record)
      budget.take()
      sorter.add(record)
    },
    merge(a, b) {
      a.budget.take(b.sorter.count)
      for (const record of b.sorter.sorted()) a.sorter.add(record)
      return a
    },
    settle: ({ sorter }) => sorter.settle(),
    finish: ({ sorter }) => sorter.sorted(),
  }
}
