/** Data files dropped on the canvas become configured sources; a flow file is opened. */
import type { Replies } from '../../engine/host/protocol.ts'
import { documentStore } from '../stores/document.ts'
import type { Fragment } from '../stores/document.ts'
import { runStore } from '../stores/run.ts'
import { viewStore } from '../stores/view.ts'
import { sentenceOf } from './ask.ts'
import { baseDir, openPath } from './documents.ts'
import { bytes } from './numbers.ts'
import { relativeTo } from './paths.ts'
import { request, theShell } from './session.ts'

/** More files than this in one drop are most likely a mistake. */
const MOST = 10
const STAGGER: [number, number] = [40, 112]
/** From a source to the processor behind it. */
const GAP = 272

type Sniffed = Extract<Replies['sniff'], { ok: true }>

export async function dropFiles(files: readonly File[], [x, y]: [number, number]): Promise<void> {
  const { notify, select } = viewStore.getState()
  const flow = files.find(({ name }) => name.endsWith('.weir.json'))
  if (flow) {
    await openPath(await theShell().pathOfDroppedFile(flow))
    return
  }
  if (files.length > MOST) notify(`Only the first ${MOST} files were taken.`)
  const added: string[] = []
  const said: string[] = []
  for (const file of files.slice(0, MOST)) {
    try {
      const path = await theShell().pathOfDroppedFile(file)
      const found = await request('sniff', { path, baseDir: baseDir() })
      if (!found.ok) {
        notify(`${file.name}: ${found.message} ${found.remedy}`, 'error')
        continue
      }
      const step = added.length
      const ids = documentStore
        .getState()
        .insert(fragmentFor(found, file.name), [x + step * STAGGER[0], y + step * STAGGER[1]])
      added.push(...ids.slice(-1))
      said.push(summaryOf(found, file.name))
    } catch (error) {
      notify(`${file.name} could not be read: ${sentenceOf(error)}`, 'error')
    }
  }
  if (added.length === 0) return
  select(added)
  if (said.length === added.length) notify(said.join(' · '))
}

/** The source and, where one was suggested, the processor behind it: one undo step. */
function fragmentFor(found: Sniffed, name: string): Fragment {
  const config = { ...found.node.config }
  if (typeof config['path'] === 'string') config['path'] = relativeTo(baseDir(), config['path'])
  const id = idFrom(name)
  const fragment: Fragment = {
    nodes: { [id]: { type: found.node.type, title: found.title, config } },
    edges: [],
    layout: { [id]: [0, 0] },
  }
  const behind = found.next
  if (!behind) return fragment
  const nextId = behind.type === id ? `${id}-2` : behind.type
  const { descriptors } = runStore.getState()
  const out = Object.keys(descriptors.get(found.node.type)?.ports.out ?? {})[0] ?? 'out'
  const into = Object.keys(descriptors.get(behind.type)?.ports.in ?? {})[0] ?? 'in'
  return {
    nodes: { ...fragment.nodes, [nextId]: { type: behind.type, config: behind.config } },
    edges: [{ from: `${id}.${out}`, to: `${nextId}.${into}` }],
    layout: { ...fragment.layout, [nextId]: [GAP, 0] },
  }
}

/** A node id made of the file's name: "apache_access.log" gives "apache_access". */
export function idFrom(name: string): string {
  const base = name
    .replace(/\..*$/, '')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .replace(/-+$/, '')
    .slice(0, 40)
  return base || 'file'
}

function summaryOf(found: Sniffed, name: string): string {
  const names = found.fields.map((field) => field.name).filter(Boolean)
  const shown =
    names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ')
  return `${name}: ${bytes(found.sizeBytes)}${shown ? `, fields ${shown}` : ''}`
}
