/** The state of the run, one line of mono in the top bar; its numbers are written past React. */
import { useEffect, useRef } from 'react'
import { live } from '../stores/live.ts'
import { runStore } from '../stores/run.ts'
import { runSummary } from './run-summary.ts'
import type { SummaryPart } from './run-summary.ts'
import { useRun } from './use-stores.ts'

export function RunLine() {
  const run = useRun((state) => state.run)
  const starting = useRun((state) => state.starting)
  if (starting) {
    return (
      <div className="run-line">
        <span className="run-mark" />
        starting
      </div>
    )
  }
  if (!run) return <div className="run-line" />
  return (
    <div className="run-line" data-testid="run-state" data-state={run.phase} title={run.error?.message}>
      <span className="run-mark" data-state={run.phase} />
      <RunText />
    </div>
  )
}

function RunText() {
  const text = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const write = () => {
      const { run } = runStore.getState()
      if (text.current && run) writeParts(text.current, runSummary(run, live))
    }
    write()
    const stops = [live.subscribe(write), runStore.subscribe(write)]
    return () => stops.forEach((stop) => stop())
  }, [])
  return <span className="run-line-text" ref={text} />
}

/** Writes only what changed; elements are made when the number of parts changes. */
function writeParts(host: HTMLElement, parts: readonly SummaryPart[]): void {
  while (host.childElementCount > parts.length) host.lastElementChild?.remove()
  while (host.childElementCount < parts.length) host.append(newPart())
  parts.forEach((part, index) => {
    const [before, value, after] = host.children[index]?.childNodes ?? []
    setText(before, part.before ? `${part.before}${part.value || part.after ? ' ' : ''}` : '')
    setText(value?.firstChild, part.value ?? '')
    setText(after, part.after ? `${part.value ? ' ' : ''}${part.after}` : '')
  })
}

function newPart(): HTMLElement {
  const part = document.createElement('span')
  part.className = 'run-line-part'
  const value = document.createElement('b')
  value.append('')
  part.append(document.createTextNode(''), value, document.createTextNode(''))
  return part
}

function setText(node: Node | null | undefined, text: string): void {
  if (node && node.nodeValue !== text) node.nodeValue = text
}
