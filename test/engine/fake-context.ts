/** Runs one node by itself: collects what it sends, over a virtual clock and a real folder. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { afterAll } from 'vitest'
import { BATCH_RECORDS } from '../../engine/spec/batches.ts'
import type {
  AnyNodeType,
  Batch,
  DataRecord,
  ErrorRecord,
  Memory,
  RunContext,
} from '../../engine/spec/node.ts'
import { roomyMemory } from './roomy-memory.ts'

export interface FakeOptions {
  config?: Record<string, unknown>
  /** Batches that arrive at port `in`. */
  input?: AsyncIterable<Batch> | Batch[]
  /** Batches that arrive at other ports. */
  inputs?: Record<string, AsyncIterable<Batch> | Batch[]>
  /** Absent: more than a test can fill. */
  memory?: Memory
  folder?: string
  stdin?: AsyncIterable<Uint8Array>
  /** Shares that this run is to make; see `RunContext.parts`. */
  parts?: readonly unknown[]
  /** False stops the node at the first failing record, as the runtime does without a wire at `error`. */
  errorWired?: boolean
  /** Called with every batch that leaves. */
  sent?: (port: string, batch: Batch) => void | Promise<void>
  controller?: AbortController
}

export interface FakeRun {
  out: Record<string, DataRecord[]>
  batches: Batch[]
  errors: ErrorRecord[]
  result: DataRecord[]
  printed: string
  bytes: number
  progress: [number, number][]
  /** Temporary files that are registered now. */
  guarded: Set<string>
  /** What the node threw, if it did. */
  thrown?: Error & { remedy?: string; field?: string }
}

/** Stands for the runtime's error: a record failed where nothing is wired. */
export class FakeRecordFailure extends Error {
  readonly failure: ErrorRecord
  constructor(failure: ErrorRecord) {
    super(failure.reason)
    this.failure = failure
  }
}

const folders: string[] = []
// Said while the file is read: a hook that a running test adds is never called.
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true, force: true })))

/** A folder of its own, removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-test-'))
  folders.push(folder)
  return folder
}

/** Runs the node to its end; never rejects. */
export async function runNode(type: AnyNodeType, options: FakeOptions = {}): Promise<FakeRun> {
  const run: FakeRun = {
    out: {},
    batches: [],
    errors: [],
    result: [],
    printed: '',
    bytes: 0,
    progress: [],
    guarded: new Set(),
  }
  try {
    await type.run!(contextOf(type, options, run))
  } catch (error) {
    run.thrown = error as Error
  }
  return run
}

function contextOf(
  type: AnyNodeType,
  options: FakeOptions,
  run: FakeRun,
): RunContext<Record<string, unknown>> {
  const { signal } = options.controller ?? new AbortController()
  let now = 0
  const send = (port: string) => (batch: Batch) => {
    signal.throwIfAborted()
    run.batches.push(batch)
    const records = (run.out[port] ??= [])
    for (const record of batch) records.push(record)
    return options.sent?.(port, batch)
  }
  return {
    node: type.type,
    config: type.config.parse(options.config ?? {}),
    ...(options.parts && { parts: each(options.parts) }),
    input: Object.fromEntries(
      Object.entries({ in: options.input ?? [], ...options.inputs }).map(([port, batches]) => [
        port,
        arriving(batches, signal),
      ]),
    ),
    output: Object.fromEntries(
      Object.keys(type.ports.out).map((port) => [port, { batchRecords: BATCH_RECORDS, send: send(port) }]),
    ),
    isCopy: () => false,
    signal,
    clock: {
      now: () => now,
      async sleep(ms) {
        signal.throwIfAborted()
        now += ms
      },
    },
    io: {
      resolve: (path) => (isAbsolute(path) ? path : join(options.folder ?? '/nowhere', path)),
      stdin: () => options.stdin ?? bytesOf(),
      print: (text) => void (run.printed += text),
      guard(path) {
        run.guarded.add(path)
        return () => run.guarded.delete(path)
      },
      log: () => {},
    },
    memory: options.memory ?? roomyMemory,
    reject(failure) {
      const record = { ...failure, node: type.type }
      if (options.errorWired === false) throw new FakeRecordFailure(record)
      run.errors.push(record)
    },
    tell: () => {},
    addBytes: (bytes) => void (run.bytes += bytes),
    progress: (done, total) => void run.progress.push([done, total]),
    cedes: () => {},
    result: {
      append(batch) {
        for (const record of batch) run.result.push(record)
      },
    },
    enough: () => undefined,
  }
}

async function* arriving(
  batches: AsyncIterable<Batch> | Batch[],
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    signal.throwIfAborted()
    yield batch
  }
}

async function* each(parts: readonly unknown[]): AsyncGenerator<unknown> {
  yield* parts
}

/** Chunks of bytes, from texts or buffers, as a stream gives them. */
export async function* bytesOf(...chunks: (string | Uint8Array)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk)
}

/** All that an async iterable gives. */
export async function collect<Value>(source: AsyncIterable<Value>): Promise<Value[]> {
  const values: Value[] = []
  for await (const value of source) values.push(value)
  return values
}
