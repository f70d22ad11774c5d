/** Flows that specs open instead of building them, and the way to put them on the disk. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import type { StudioPage } from '../pages/studio.ts'
import type { FileDialogPage } from '../pages/file-dialog.ts'
import type { Served } from './serve.ts'

type Node = { type: string; config?: Record<string, unknown> }

/** Types whose records leave by another port than `out`. */
const OUT: Record<string, string> = { filter: 'kept' }

/** A flow whose nodes stand in a row, each wired to the next. */
export function chain(name: string, nodes: Record<string, Node>): object {
  const ids = Object.keys(nodes)
  return {
    weir: 1,
    name,
    nodes,
    edges: ids.slice(1).map((to, index) => {
      const from = ids[index]!
      return { from: `${from}.${OUT[nodes[from]!.type] ?? 'out'}`, to: `${to}.in` }
    }),
    layout: Object.fromEntries(ids.map((id, index) => [id, [index * 240, 0]])),
  }
}

/** 1, 2, 3, 4 squared. The map is code from a file, and none of Weir's own examples: it asks before it runs. */
export const squares = chain('Squares', {
  numbers: { type: 'range', config: { from: 1, to: 4 } },
  square: { type: 'map', config: { value: 'record ** 2' } },
  result: { type: 'table' },
})

/** Without any code, so that it runs without a question. */
export function rangeTo(count: number): object {
  return chain('Range', {
    numbers: { type: 'range', config: { from: 1, to: count } },
    result: { type: 'table' },
  })
}

/** Writes the flow into the served folder and opens it by the dialog. */
export async function openFlow(
  { studio, files, served }: { studio: StudioPage; files: FileDialogPage; served: Served },
  name: string,
  flow: object,
): Promise<void> {
  await writeFile(join(served.root, `${name}.weir.json`), JSON.stringify(flow))
  await studio.page.keyboard.press('ControlOrMeta+o')
  await files.open(`${name}.weir.json`)
  // The dialog is gone before the file is read, and the camera comes after the flow.
  await expect(studio.documentState).toContainText(`${name}.weir.json · saved`)
  await studio.canvas.isStill()
}
