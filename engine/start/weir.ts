/** The built program `weir`: only loads it. */
import { join } from 'node:path'
import { CodeLoader, writesCaches } from './load.ts'

const code = new CodeLoader('program')
if (writesCaches) process.on('exit', () => code.saveCaches())
code.load(join(import.meta.dirname, 'code', 'early-worker.js'))
code.load(join(import.meta.dirname, 'code', 'main.js'))
