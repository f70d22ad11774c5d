/** Under a node's meters: why its stage is run as it is, in the planner's own sentence. */
import { reasonText, stageOf } from '../app/plan-words.ts'
import { useRun } from '../app/use-stores.ts'

export function StageWhy({ node }: { node: string }) {
  const why = useRun((state) => stageOf(state.run?.plan, node)?.why)
  return why ? (
    <p className="stage-why" data-testid="stage-why">
      {reasonText(why)}
    </p>
  ) : null
}
