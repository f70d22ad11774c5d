/** How a run goes about the flow: part of the document, so that it is saved and undone with it. */
import { useStore } from 'zustand'
import { sessionStore } from '../app/session.ts'
import { useDocument } from '../app/use-stores.ts'
import { documentStore } from '../stores/document.ts'
import { CapacityField } from './capacity-field.tsx'

export function RunSettings() {
  const run = useDocument((state) => state.flow.run)
  const usual = useStore(sessionStore, (state) => state.usual)
  const { setRun } = documentStore.getState()
  return (
    <section className="capacity" aria-labelledby="run-settings">
      <h3 id="run-settings">Run</h3>
      <p className="help">
        Workers share the work where a source can be read in parts. What nodes hold beyond the memory goes to
        disk. Empty: what this machine has.
      </p>
      <CapacityField
        label="Workers"
        unit="threads"
        value={run?.workers}
        range={[1, 64]}
        usual={usual?.workers}
        onChange={(value) => setRun('workers', value)}
      />
      <CapacityField
        label="Memory"
        unit="MB"
        value={run?.memoryMb}
        range={[16, 1_048_576]}
        usual={usual?.memoryMb}
        onChange={(value) => setRun('memoryMb', value)}
      />
    </section>
  )
}
