/** The largest or smallest few of many records. */
import { z } from 'zod'
import { BoundedHeap } from '../../spec/bounded-heap.ts'
import { compareValues, sortReader } from '../../spec/compare.ts'
import { field } from '../../spec/fields.ts'
import { defineProcessor, type DataRecord, type Fold, type Setup } from '../../spec/node.ts'

const config = z.object({
  by: field(z.string().default(''), {
    title: 'By',
    description: 'The field that is compared. Empty: the record itself.',
    editor: 'field',
  }),
  n: field(z.number().int().min(1).max(1_000_000).default(10), {
    title: 'Number',
    description: 'How many records to keep.',
    unit: 'records',
  }),
  order: field(z.enum(['asc', 'desc']).default('desc'), {
    title: 'Order',
    description: 'desc: the largest ones, largest first. asc: the smallest ones, smallest first.',
  }),
})

type Config = z.infer<typeof config>

/** A record that may be among the top, with what it is compared by. */
interface Candidate {
  value: unknown
  /** Position in the input: of equal records the earlier one wins. */
  position: number
  record: DataRecord
}

interface State {
  seen: number
  heap: BoundedHeap<Candidate>
}

export const top = defineProcessor<Config>({
  type: 'top',
  title: 'Top',
  summary: 'Keeps the few records with the largest or smallest values.',
  docs: `Gives the **n** records that **sort** would put first, in that order, at the end of the input. It never holds more than those, whatever the size of the input. Of records with equal values the earlier one wins. The order of values is that of **sort**: numbers before texts before others, null and missing last in both directions.

**Bad input**: a record that is not an object, where a field is wanted, or that is one, where none is named, leaves by **error**.`,
  config,
  look: { icon: 'trophy', face: '{n} by {by} {order}' },
  laws: { holds: 'all', packs: true },
  examples: [
    {
      title: 'The two most hit pages',
      config: { by: 'hits', n: 2 },
      in: {
        in: [
          { path: '/a', hits: 3 },
          { path: '/b', hits: 9 },
          { path: '/c', hits: 3 },
          { path: '/d', hits: null },
        ],
      },
      out: {
        out: [
          { path: '/b', hits: 9 },
          { path: '/a', hits: 3 },
        ],
      },
    },
    {
      title: 'The smallest numbers',
      config: { n: 3, order: 'asc' },
      in: { in: [5, 1, 4, 2] },
      out: { out: [1, 2, 4] },
    },
    {
      title: 'A record without fields',
      config: { by: 'hits', n: 1 },
      in: { in: ['oops', { hits: 1 }] },
      out: {
        out: [{ hits: 1 }],
        error: [
          {
            reason: 'the record is the text "oops", so it has no field "hits"',
            node: 'top',
            record: 'oops',
            number: 1,
          },
        ],
      },
    },
  ],
  sorts: ({ by, order }) => ({ field: by, order }),
  fold: (setup) => topFold(setup) as Fold<unknown>,
})

function topFold({ config: { by, n, order }, sortedBy, enough }: Setup<Config>): Fold<State> {
  const read = sortReader(by)
  const sign = order === 'asc' ? 1 : -1
  // In sorted input the first ones are the top ones: of equal ones the earlier wins.
  const isSorted = sortedBy && (sortedBy.field ?? '') === by && (sortedBy.order ?? 'asc') === order
  const compare = (a: Candidate, b: Candidate) =>
    compareValues(a.value, b.value, sign) || a.position - b.position
  return {
    init: () => ({ seen: 0, heap: new BoundedHeap(n, compare) }),
    add(state, record) {
      const value = read(record)
      const position = state.seen++
      const last = state.heap.last
      // Nearly all records of a long input end here, without an object made for them.
      if (last && compareValues(value, last.value, sign) >= 0) return
      state.heap.add({ value, position, record })
      if (isSorted && state.seen >= n) enough()
    },
    merge(a, b) {
      for (const { value, position, record } of b.heap.sorted()) {
        a.heap.add({ value, position: a.seen + position, record })
      }
      a.seen += b.seen
      return a
    },
    pack: ({ seen, heap }) => ({ seen, kept: heap.sorted() }),
    unpack(packed) {
      const { seen, kept } = packed as { seen: number; kept: Candidate[] }
      const heap = new BoundedHeap(n, compare)
      for (const candidate of kept) heap.add(candidate)
      return { seen, heap }
    },
    finish: ({ heap }) => heap.sorted().map(({ record }) => record),
  }
}
