/** Parts of a flow as clipboard text: JSON marked `weir-fragment`, readable by people and other windows. */
import { flowSchema } from '../../engine/host/protocol.ts'
import type { Fragment } from '../stores/document.ts'

const MARK = 'weir-fragment'

/** Longer texts are refused before they are parsed. */
const LIMIT = 16 * 1024 * 1024

export function fragmentText({ nodes, edges, layout }: Fragment): string {
  return JSON.stringify({ [MARK]: 1, nodes, edges, layout }, null, 2)
}

export type PasteResult = { ok: true; fragment: Fragment } | { ok: false; message: string }

/** Reads a copied fragment or a whole flow file. The message is for people. */
export function readFragment(text: string): PasteResult {
  if (text.trim() === '') return refuse('The clipboard holds no text.')
  if (text.length > LIMIT) return refuse('The clipboard holds too much text to be part of a flow.')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refuse('The clipboard holds text that is no part of a flow.')
  }
  const part = value as Record<string, unknown> | null
  if (typeof part !== 'object' || part === null || !(part[MARK] === 1 || part['weir'] === 1)) {
    return refuse('The clipboard holds JSON that is no part of a flow.')
  }
  const checked = flowSchema().safeParse({
    weir: 1,
    nodes: part['nodes'],
    edges: part['edges'],
    layout: part['layout'],
  })
  if (!checked.success) return refuse('The part of a flow on the clipboard is damaged.')
  const { nodes, edges, layout } = checked.data
  if (Object.keys(nodes).length === 0) return refuse('The part of a flow on the clipboard is empty.')
  return { ok: true, fragment: { nodes, edges, layout } }
}

function refuse(what: string): PasteResult {
  return { ok: false, message: `${what} Copy nodes on a canvas first, or drop a file to read it.` }
}
