/** The largest or smallest few of many records. */
import { z } from 'zod'
import { BoundedHeap } from '../../spec/bounded-heap.ts'
import { compareValues, sortReader } from '../../spec/compare.ts'
import { field } from '../../spec/fields.ts'
import { defineProcessor, type DataRecord, type Fold, type Setup } from '../../spec/node.ts'
import { recordBytes } from '../../spec/record-size.ts'
import { ExternalSorter } from '../../spill/external-sorter.ts'
import { RecordFile, type RecordFileData } from '../../spill/record-file.ts'

const config = () =>
  z.object({
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

type Config = z.infer<ReturnType<typeof config>>

/** What a record takes at most, in nearly all flows. */
const LIKELY_BYTES = 4096

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
  /** Bytes of what is in the heap. */
  held: number
  /** Takes the place of the heap where that many records do not fit into memory. */
  sorter: ExternalSorter<Candidate> | undefined
  /** What came last among the first n when the sorter took over: nothing behind it can be wanted. */
  bound: Candidate | undefined
}

/** A state as it travels to another thread. */
interface Packed {
  seen: number
  kept: Candidate[]
  /** In place of `kept`, where it is on disk. */
  file?: RecordFileData
}

export const top = defineProcessor<Config>({
  type: 'top',
  title: 'Top',
  summary: 'Keeps the few records with the largest or smallest values.',
  docs: `Gives the **n** records that **sort** would put first, in that order, at the end of the input. It never holds more than those, whatever the size of the input; where they do not fit into the memory of the run, they wait in temporary files. Of records with equal values the earlier one wins. The order of values is that of **sort**: numbers before texts before others, null and missing last in both directions.

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
  holdsAbout: ({ n }) => n * LIKELY_BYTES,
  sorts: ({ by, order }) => ({ field: by, order }),
  fold: (setup) => topFold(setup) as Fold<unknown>,
})

function topFold({ config: { by, n, order }, memory, sortedBy, enough }: Setup<Config>): Fold<State> {
  const read = sortReader(by)
  const sign = order === 'asc' ? 1 : -1
  // In sorted input the first ones are the top ones: of equal ones the earlier wins.
  const isSorted = sortedBy && (sortedBy.field ?? '') === by && (sortedBy.order ?? 'asc') === order
  const compare = (a: Candidate, b: Candidate) =>
    compareValues(a.value, b.value, sign) || a.position - b.position
  const init = (): State => ({
    seen: 0,
    heap: new BoundedHeap(n, compare),
    held: 0,
    sorter: undefined,
    bound: undefined,
  })

  const keep = (state: State, candidate: Candidate) => {
    const bytes = bytesOf(candidate)
    if (state.sorter) {
      if (!state.bound || compare(candidate, state.bound) < 0) state.sorter.add(candidate, bytes)
      return
    }
    const gone = state.heap.add(candidate)
    state.held += bytes - (gone ? bytesOf(gone) : 0)
    if (state.held <= memory.bytes) return
    state.sorter = new ExternalSorter(memory, compare)
    state.bound = state.heap.last
    for (const kept of state.heap.sorted()) state.sorter.add(kept, bytesOf(kept))
    state.heap = new BoundedHeap(n, compare)
  }
  function* first({ sorter, heap }: State): Generator<Candidate> {
    if (!sorter) return yield* heap.sorted()
    let left = n
    for (const candidate of sorter.sorted()) {
      yield candidate
      if (--left === 0) return
    }
  }

  return {
    init,
    add(state, record) {
      const value = read(record)
      const position = state.seen++
      const last = state.heap.last
      // Nearly all records of a long input end here, without an object made for them.
      if (last && compareValues(value, last.value, sign) >= 0) return
      keep(state, { value, position, record })
      if (isSorted && state.seen >= n) enough()
    },
    merge(a, b) {
      for (const { value, position, record } of first(b))
        keep(a, { value, position: a.seen + position, record })
      a.seen += b.seen
      return a
    },
    pack(state): Packed {
      if (!state.sorter) return { seen: state.seen, kept: state.heap.sorted() }
      const file = new RecordFile<Candidate>(memory)
      for (const candidate of first(state)) file.add(candidate)
      return { seen: state.seen, kept: [], file: file.data() }
    },
    unpack(packed) {
      const { seen, kept, file } = packed as Packed
      const state: State = { ...init(), seen }
      const onDisk = file && RecordFile.from<Candidate>(file)
      for (const candidate of onDisk ?? kept) keep(state, candidate)
      onDisk?.remove()
      return state
    },
    *finish(state) {
      for (const { record } of first(state)) yield record
    },
  }
}

/** Candidates are objects of their own around the record. */
function bytesOf({ record }: Candidate): number {
  return 64 + recordBytes(record)
}
