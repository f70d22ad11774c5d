/** Checks the examples of a node by itself; the contract test runs them again through the runtime. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { AnyNodeType } from '../../../engine/spec/node.ts'
import { bytesOf, runNode, temporaryFolder } from '../fake-context.ts'

/** One test per example. */
export function testExamples(type: AnyNodeType): void {
  for (const example of type.examples) {
    test(`${type.type} does what its example says: ${example.title}`, async () => {
      const folder = temporaryFolder()
      for (const [name, text] of Object.entries(example.files ?? {})) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), text)
      }
      const run = await runNode(type, {
        folder,
        config: example.config as Record<string, unknown>,
        input: example.in?.['in'] ? [example.in['in']] : [],
        stdin: example.stdin === undefined ? bytesOf() : bytesOf(example.stdin),
      })
      expect(run.thrown).toBeUndefined()
      const { error = [], result = [], ...out } = example.out ?? {}
      expect(run.out).toEqual(out)
      expect(run.errors).toEqual(error)
      expect(run.result).toEqual(result)
      expect(run.printed).toBe(example.prints ?? '')
      for (const [name, text] of Object.entries(example.writes ?? {})) {
        expect(readFileSync(join(folder, name), 'utf8')).toBe(text)
      }
    })
  }
}
