/** Types of build-kernel.mjs, for configs in TypeScript. */
import type { Plugin } from 'vite'

export function kernelBytes(): Promise<Buffer>
export function kernelPlugin(): Plugin
