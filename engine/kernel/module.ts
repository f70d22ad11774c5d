/** The compiled kernels, ready to be used: one module for a thread, one instance with a memory for each piece of work. */
import { KERNEL_BASE64 } from './binary.ts'
import { wasm, type WasmMemory, type WasmModule } from './web-assembly.ts'

export type Scan = (task: number, from: number, to: number) => void

/** What `assembly/index.ts` exports. Addresses are whole numbers from 0 to 2^32, which JavaScript may see as negative. */
export interface KernelExports {
  allocate(bytes: number): number
  /** Copies bytes to where they may overlap. */
  move(to: number, from: number, bytes: number): void
  /** Where the memory that was handed out ends. */
  taken(): number
  isPlain(from: number, to: number): number
  countLines(from: number, to: number): number
  scanCsv: Scan
  judgeNdjson(task: number, how: number): number
  writeNdjson(task: number, how: number, texts: number, out: number): number
  scanAccessLog: Scan
  scanNdjson: Scan
  openTable(table: number): void
  groupRows(table: number, task: number): void
  emptyTable(table: number): void
  mergeGroups(table: number, from: number, to: number, indexes: number, base: number): void
  scatterGroups(table: number, from: number, to: number, rooms: number, how: number): number
  pickGroups(table: number, from: number, to: number, pick: number): number
}

export interface Kernel {
  exports: KernelExports
  memory: WasmMemory
}

/** Memory that a kernel starts with: 64 KiB pages. */
const FIRST_PAGES = 64

/** The most that WebAssembly can have: 4 GB. What a run may hold is bounded elsewhere. */
const MOST_PAGES = 65536

let compiled: WasmModule | undefined

/** Compiled when it is first asked for; it may be handed to other threads. */
export function kernelModule(): WasmModule {
  if (KERNEL_BASE64 === '')
    throw new Error('the engine was built without its kernels (scripts/build-kernel.mjs)')
  return (compiled ??= new wasm.Module(Buffer.from(KERNEL_BASE64, 'base64')))
}

/**
 * An instance with a memory of its own. The memory is of the shared kind, though no thread shares it: V8 counts the other
 * kind as garbage to come, anew with each growth, and collects several times in a run of one second.
 */
export function newKernel(module: WasmModule = kernelModule()): Kernel {
  const memory = new wasm.Memory({ initial: FIRST_PAGES, maximum: MOST_PAGES, shared: true })
  // With the stub runtime `abort` is all that AssemblyScript may ask for.
  const abort = () => {
    throw new Error('a kernel gave up')
  }
  const { exports } = new wasm.Instance(module, { env: { memory, abort } })
  return { exports: exports as unknown as KernelExports, memory }
}
