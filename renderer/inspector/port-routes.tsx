/** Where what does not take the main way goes: the other outputs of a node, wired or not. */
import { endpointOf } from '../../engine/host/protocol.ts'
import type { NodeDescriptor } from '../../engine/host/protocol.ts'
import { useDocument } from '../app/use-stores.ts'
import { viewStore } from '../stores/view.ts'

export function PortRoutes({ id, descriptor }: { id: string; descriptor: NodeDescriptor }) {
  const edges = useDocument((state) => state.flow.edges)
  const nodes = useDocument((state) => state.flow.nodes)
  const ports = Object.entries(descriptor.ports.out)
  if (ports.length < 2) return null
  return (
    <section className="routes" aria-label="Outputs">
      {ports.map(([port, spec]) => {
        const targets = edges
          .filter(({ from }) => from === `${id}.${port}`)
          .map(({ to }) => endpointOf(to).node)
        return (
          <div key={port} className="route" title={spec.description}>
            <span data-error={spec.type === 'error'}>{port}</span>
            {targets.length === 0 ? (
              <span className="quiet">{spec.type === 'error' ? 'stops the run' : 'dropped'}</span>
            ) : (
              <span>
                {targets.map((target) => (
                  <button
                    key={target}
                    type="button"
                    className="link"
                    onClick={() => viewStore.getState().goTo(target)}
                  >
                    {nodes[target]?.title ?? target}
                  </button>
                ))}
              </span>
            )}
          </div>
        )
      })}
    </section>
  )
}
