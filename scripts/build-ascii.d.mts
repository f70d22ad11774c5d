/** Types of build-ascii.mjs, for configs in TypeScript. */
import type { Plugin } from 'vite'

export function asciiPlugin(): Plugin
export function inAscii(code: string): string
