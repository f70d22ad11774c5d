/** A kernel's memory as JavaScript sees it: views that are made anew after it has grown. */
import { GUARD } from './layout.ts'
import type { Kernel } from './module.ts'

export class KernelMemory {
  readonly kernel: Kernel
  #buffer: SharedArrayBuffer
  bytes: Buffer
  u32: Uint32Array
  f64: Float64Array
  /** Raised each time the views are new. */
  version = 0

  constructor(kernel: Kernel) {
    this.kernel = kernel
    this.#buffer = kernel.memory.buffer
    this.bytes = Buffer.from(this.#buffer)
    this.u32 = new Uint32Array(this.#buffer)
    this.f64 = new Float64Array(this.#buffer)
  }

  /** To be called after anything that may have made the memory grow. */
  refresh(): void {
    if (this.kernel.memory.buffer === this.#buffer) return
    this.#buffer = this.kernel.memory.buffer
    this.bytes = Buffer.from(this.#buffer)
    this.u32 = new Uint32Array(this.#buffer)
    this.f64 = new Float64Array(this.#buffer)
    this.version++
  }

  /** Bytes that were handed out so far. */
  get taken(): number {
    return this.kernel.exports.taken() >>> 0
  }

  /** Zeroed bytes, with room for kernels to read beyond them. */
  allocate(bytes: number): number {
    const at = this.kernel.exports.allocate(bytes + GUARD) >>> 0
    this.refresh()
    return at
  }

  get(address: number): number {
    return this.u32[address >>> 2]!
  }
  put(address: number, value: number): void {
    this.u32[address >>> 2] = value
  }
}
