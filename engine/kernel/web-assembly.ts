/** The little of WebAssembly that the engine uses, typed: Node has it, but only the types of web pages name it. */

/** Compiled code; structured clone hands it to other threads without compiling it again. */
export type WasmModule = object

export interface WasmMemory {
  /** A new one after every growth of the memory; the old one stays as long as it was. */
  readonly buffer: SharedArrayBuffer
}

interface Wasm {
  Module: new (bytes: Uint8Array) => WasmModule
  Instance: new (module: WasmModule, imports: Record<string, Record<string, unknown>>) => { exports: object }
  Memory: new (limits: { initial: number; maximum: number; shared: true }) => WasmMemory
}

export const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly
