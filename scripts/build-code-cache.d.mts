/** Types of build-code-cache.mjs, for configs in TypeScript. */
import type { Plugin } from 'vite'

export function codeCachePlugin(): Plugin
