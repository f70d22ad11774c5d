/** On a card: which tier ran the node and with how many workers. The usual one, row with one worker, says nothing. */
import { Database, Rows3, Zap } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Tier } from '../../engine/host/protocol.ts'
import { isUsual, reasonText, stageOf, tierText } from '../app/plan-words.ts'
import { useRun } from '../app/use-stores.ts'

const ICONS: Record<Tier, LucideIcon> = { kernel: Zap, row: Rows3, sql: Database }

export function TierChip({ node }: { node: string }) {
  const stage = useRun((state) => stageOf(state.run?.plan, node))
  if (!stage || isUsual(stage)) return null
  const Icon = ICONS[stage.tier]
  // Part of the card's own label for screen readers.
  return (
    <span className="canvas-tier" data-testid="tier" title={reasonText(stage.why)} aria-hidden="true">
      <Icon size={10} strokeWidth={2} />
      {tierText(stage)}
    </span>
  )
}
