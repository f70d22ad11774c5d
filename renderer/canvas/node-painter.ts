/** Writes a card's live half through its elements: state, time, rejected records, and the label for screen readers. */
import type { NodeState } from '../../engine/host/protocol.ts'
import { isUsual, stageOf, tierSpeech } from '../app/plan-words.ts'
import { live } from '../stores/live.ts'
import { runStore, isRunning } from '../stores/run.ts'
import { formatShort } from './format-numbers.ts'
import { queueBefore, wholeRunShares } from './live-lookup.ts'
import { nodeLabel } from './node-words.ts'

export interface CardParts {
  card: HTMLElement
  sign: SVGUseElement
  working: HTMLElement
  blocked: HTMLElement
  rejected: HTMLElement
}

/** Screen readers are told at most this often. */
const SPEECH_MS = 1000

/** Returns what to call at each frame. Writes only what changed. */
export function nodePainter(
  id: string,
  { name, problems }: { name: string; problems: number },
  parts: CardParts,
): () => void {
  let state: NodeState | '' = ''
  let [working, blocked, errors, spokenAt] = [-1, -1, -1, -Infinity]
  return () => {
    const node = live.node(id)
    const running = isRunning(runStore.getState().run)
    const next = node?.state ?? 'idle'
    const stateChanged = next !== state
    if (stateChanged) {
      parts.card.dataset['state'] = next
      const shape = next === 'idle' ? '' : `#canvas-sign-${next}`
      parts.sign.setAttribute('href', shape)
      state = next
    }
    const shares = !node ? { working: 0, blocked: 0 } : running ? node : wholeRunShares(id)
    const [work, block] = [percent(shares.working), percent(shares.blocked)]
    if (work !== working) parts.working.style.width = `${(working = work)}%`
    if (block !== blocked) parts.blocked.style.width = `${(blocked = block)}%`
    const failed = node?.errors ?? 0
    if (failed !== errors) {
      parts.rejected.hidden = failed === 0
      parts.rejected.textContent = formatShort(failed)
      errors = failed
    }
    const now = performance.now()
    if (stateChanged || now - spokenAt >= SPEECH_MS) {
      spokenAt = now
      const stage = stageOf(live.plan, id)
      const label = nodeLabel({
        name,
        state: next,
        in: node?.in ?? 0,
        out: node?.out ?? 0,
        about: node?.about ?? false,
        errors: failed,
        queue: running ? queueBefore(id) : 0,
        problems,
        tier: stage && !isUsual(stage) ? tierSpeech(stage) : '',
      })
      const wrapper = parts.card.parentElement
      if (wrapper && wrapper.getAttribute('aria-label') !== label) wrapper.setAttribute('aria-label', label)
    }
  }
}

function percent(share: number): number {
  return Math.round(Math.min(1, share) * 100)
}
