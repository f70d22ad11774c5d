/** One worker's shares of a stage in the kernel tier: reads blocks, works them into groups, and tells what is held at the end. */
import { NodeFailure } from '../runtime/failure.ts'
import { Pacer } from '../runtime/pacer.ts'
import type { PartOutput, PartSetup, PartWork } from '../runtime/part-work.ts'
import { LineCounter } from '../formats/line-count.ts'
import type { FilePart, FileShare } from '../formats/file-part.ts'
import { isPattern } from '../formats/glob.ts'
import { lineTooLong } from '../formats/line-reader.ts'
import type { Batch, Memory } from '../spec/node.ts'
import type { CsvIntake, IntakeSetup } from './csv-intake.ts'
import { ExactChain, Thrown } from './exact-chain.ts'
import { KernelChain } from './kernel-chain.ts'
import { KernelMemory } from './kernel-memory.ts'
import { newKernel } from './module.ts'
import { LineTooLong, PartBlocks, type Block } from './part-blocks.ts'
import { PartCounts } from './part-counts.ts'
import { PartRefusals } from './part-refusals.ts'
import { PartTaps } from './part-taps.ts'
import { isWrite, type PartProgram } from './part-program.ts'
import { sizesOf } from './part-sizes.ts'
import { finishGroups } from './groups/finish-groups.ts'
import { spillingOf, type SpillingGroups } from './groups/spilling-groups.ts'
import { WriteChain } from './write-chain.ts'

export class KernelPart implements PartWork {
  readonly #program: PartProgram
  readonly #memory = new KernelMemory(newKernel())
  readonly #abort = new AbortController()
  readonly #lines = new LineCounter(this.#abort.signal)
  readonly #pacer = new Pacer()
  readonly #counts: PartCounts
  readonly #taps: PartTaps
  readonly #refusals: PartRefusals
  readonly #chain: KernelChain | WriteChain
  /** Absent where the program writes, which holds no more than a block. */
  readonly #spilling: SpillingGroups | undefined
  readonly #blocks: PartBlocks
  readonly #maxLineBytes: number
  /** Failures then say which file they are of. */
  readonly #several: boolean
  /** Into the last node. */
  readonly #edge: string
  /** For the intake of CSV, which is loaded where there is some. */
  readonly #intake: Omit<IntakeSetup, 'chain' | 'program'>
  #csv: CsvIntake | undefined
  #stopping = false
  #over = false

  constructor(setup: PartSetup, memory: Memory) {
    const program = setup.program as PartProgram
    this.#program = program
    const [file, ...behind] = program.nodes.map((id) => {
      const { type: name, config } = setup.flow.nodes[id]!
      const type = setup.registry.get(name)!
      return { id, type, config: type.config.parse(config ?? {}) }
    })
    const { io, clock } = setup
    const chains: ExactChain[] = []
    const exact = () => {
      const chain = new ExactChain(
        program.format,
        behind.map(({ type }) => type),
        behind.map(({ id, config }) => ({ node: id, config, clock, io, memory, enough: () => {} })),
      )
      chains.push(chain)
      return chain
    }
    const shop = { signal: this.#abort.signal, read: () => {}, counter: this.#lines }
    this.#intake = { config: file!.config, memory: this.#memory, exact: chains, shop }
    this.#maxLineBytes = Number(file!.config['maxLineBytes'])
    this.#several = isPattern(String(file!.config['path']), io)
    const { rowLimit, blockBytes } = sizesOf(program)
    const maxGroups = behind.at(-1)!.config['maxGroups'] as number | undefined
    this.#chain = isWrite(program)
      ? new WriteChain(this.#memory, program, exact(), rowLimit)
      : new KernelChain(this.#memory, program, exact(), { maxGroups, rowLimit })
    const { workers } = setup.plan.stages[setup.stage]!
    if (this.#chain instanceof KernelChain)
      this.#spilling = spillingOf(this.#chain.groups, {
        memory: this.#memory,
        program,
        file: memory,
        workers,
      })
    this.#blocks = new PartBlocks(this.#memory, this.#maxLineBytes, blockBytes)
    this.#counts = new PartCounts(setup, program)
    this.#taps = new PartTaps(setup, program, exact())
    this.#refusals = new PartRefusals(setup, program, this.#counts, this.#taps)
    this.#edge = setup.plan.edges.find(({ to }) => to.node === program.nodes.at(-1))!.id
  }

  async run(shares: AsyncIterable<unknown>, out: PartOutput): Promise<void> {
    this.#counts.start()
    try {
      await this.#prepare()
      for await (const share of shares) {
        for (const part of share as FileShare) await this.#read(part, out)
        // Asking for the next share says that all of this one was sent.
        if (this.#ends) break
      }
      if (!this.#over) await this.#send(out)
    } catch (error) {
      this.#counts.failed(error)
      throw error
    } finally {
      this.#blocks.close()
      this.#counts.end(this.#stopping || this.#over)
    }
  }

  stop(): void {
    this.#stopping = true
  }

  fail(): void {
    this.#over = true
    this.#abort.abort()
  }

  left(edge: string): void {
    this.#refusals.left(edge)
  }

  tap(edge: string, limit: number): Batch | undefined {
    return this.#taps.last(edge, limit)
  }

  came(): Record<string, number> {
    return this.#counts.came()
  }

  get #ends(): boolean {
    return this.#stopping || this.#over
  }

  async #read(part: FilePart, out: PartOutput): Promise<void> {
    if (this.#ends) return
    const blocks = this.#blocks
    const start = await this.#begin(part)
    if (this.#ends) return
    if (this.#chain instanceof KernelChain) this.#chain.groups.beginPiece(part.piece ?? 0)
    this.#inName(0, () => blocks.open(part, start))
    const reading: Reading = { part, out, line: 0 }
    for (;;) {
      const began = performance.now()
      const block = await this.#next(reading)
      if (!block) break
      this.#counts.read(block.bytes, performance.now() - began)
      if (!(await this.#takeAll(block, reading))) return
    }
    if (this.#csv?.finish() && !(await this.#finishRow(this.#csv, reading))) return
    this.#inName(0, () => blocks.check())
  }

  /** Works through a block, and what may be left over without one. Returns whether there is reason to go on. */
  async #takeAll(block: Block | undefined, reading: Reading): Promise<boolean> {
    const { part, out } = reading
    for (let at = block?.from ?? 0; !this.#ends && this.#wants(block, at);) {
      at = this.#work(block, at)
      await this.#checkLength(block, reading)
      const { rows, failed } = this.#chain
      if (failed.length > 0) {
        const linesBefore = () => (reading.before ??= this.#lines.before(part.path, this.#blocks.start))
        const file = this.#several ? part.name : undefined
        await this.#refusals.send(this.#chain, { file, linesBefore, line: reading.line, out })
      }
      this.#counts.add(this.#chain, this.#taps.bytes)
      this.#taps.look(this.#chain, this.#blocks.isLast && part.to === part.size && !this.#wants(block, at))
      reading.line = this.#csv?.lines ?? reading.line + rows.rows
      // A block of rows that all go the way of the row tier takes long.
      const turn = this.#pacer.due(performance.now())
      if (turn) await turn
    }
    await this.#flush(out)
    this.#inName(this.#chain.last, () => this.#spilling?.check())
    return !this.#ends
  }

  #wants(block: Block | undefined, at: number): boolean {
    return this.#csv ? this.#csv.wants(block, at) : block !== undefined && at < block.to
  }

  async #prepare(): Promise<void> {
    const [program, chain] = [this.#program, this.#chain]
    if (program.format !== 'csv' || isWrite(program) || chain instanceof WriteChain) return
    const { CsvIntake } = await import('./csv-intake.ts')
    this.#csv = new CsvIntake({ ...this.#intake, chain, program })
  }

  /** Where the part's first row begins, if that takes more than to look for a line. */
  async #begin(part: FilePart): Promise<number | undefined> {
    if (!this.#csv) return undefined
    try {
      const { start, skipped } = await this.#csv.begin(part)
      this.#counts.read(skipped, 0)
      return start
    } catch (error) {
      throw new NodeFailure(this.#program.nodes[0]!, error)
    }
  }

  /** Reads on behind the part, as long as its last row does. Returns whether there is reason to go on. */
  async #finishRow(csv: CsvIntake, reading: Reading): Promise<boolean> {
    this.#blocks.goBeyond()
    while (csv.isOpen) {
      const block = await this.#next(reading)
      if (!block) csv.end()
      if (!(await this.#takeAll(block, reading))) return false
    }
    return true
  }

  /** Scans, filters and groups some rows; returns where the next ones begin. */
  #work(block: Block | undefined, at: number): number {
    const chain = this.#chain
    const counts = this.#counts
    try {
      counts.tick()
      const next = this.#inName(0, () => this.#csv?.take(block, at) ?? chain.scan(block!, at))
      counts.spent(1)
      chain.filter()
      counts.spent(Math.max(1, chain.last - 1))
      this.#inName(chain.last, () => chain.group())
      counts.spent(chain.last)
      return next
    } catch (error) {
      if (error instanceof Thrown) throw new NodeFailure(this.#program.nodes[error.step]!, error.cause)
      throw error
    }
  }

  async #next({ part, line }: Reading): Promise<Block | undefined> {
    try {
      return this.#blocks.next()
    } catch (error) {
      if (error instanceof LineTooLong) return this.#refuseLength(part, line + 1)
      throw new NodeFailure(this.#program.nodes[0]!, error)
    }
  }

  async #checkLength(block: Block | undefined, { part, line }: Reading): Promise<void> {
    if (!block?.long) return
    if (this.#csv?.tooLong !== undefined) await this.#refuseLength(part, this.#csv.tooLong)
    const { rows, made } = this.#chain
    if (made) return
    const count = rows.rows
    for (let row = 0; row < count; row++) {
      // A CR before the LF counts, though it is no part of the line.
      const end = rows.ends[row]! + (rows.bytes[rows.ends[row]!] === CR ? 1 : 0)
      if (end - rows.starts[row]! > this.#maxLineBytes) await this.#refuseLength(part, line + row + 1)
    }
  }

  async #refuseLength(part: FilePart, line: number): Promise<never> {
    const before = part.from > 0 ? await this.#lines.before(part.path, this.#blocks.start) : 0
    const limits = { name: part.name, maxLineBytes: this.#maxLineBytes }
    throw new NodeFailure(this.#program.nodes[0]!, lineTooLong(line + before, limits))
  }

  /** Whatever goes wrong is a failure of this step's node. */
  #inName<Value>(step: number, work: () => Value): Value {
    try {
      return work()
    } catch (error) {
      if (error instanceof Thrown) throw error
      throw new NodeFailure(this.#program.nodes[step]!, error)
    }
  }

  /** Sends the bytes that were made of a block. */
  async #flush(out: PartOutput): Promise<void> {
    if (!(this.#chain instanceof WriteChain)) return
    const piece = this.#chain.take()
    const room = piece && out.encoded(this.#edge, piece)
    if (room) await room
  }

  async #send(out: PartOutput): Promise<void> {
    const [program, chain, spilling] = [this.#program, this.#chain, this.#spilling]
    if (isWrite(program) || !spilling || !(chain instanceof KernelChain)) return
    const { groups } = chain
    try {
      await finishGroups({ program, memory: this.#memory, groups, spilling, out, pacer: this.#pacer })
    } catch (error) {
      throw new NodeFailure(program.nodes.at(-1)!, error)
    }
  }
}

const CR = 13

/** A part that is being read. */
interface Reading {
  part: FilePart
  out: PartOutput
  /** Lines of the part before those at hand. */
  line: number
  /** Lines of the file before the part, once somebody asked. */
  before?: Promise<number>
}
