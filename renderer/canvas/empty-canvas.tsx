/** The empty canvas: three ways to begin. */
import { useEffect, useRef, useState } from 'react'
import { FileDown, Plus, Workflow } from 'lucide-react'
import { studio } from '../app/studio.ts'
import { useDocument } from '../app/use-stores.ts'
import { viewStore } from '../stores/view.ts'
import { canvasActions } from './canvas-actions.ts'

const ICON = { size: 18, strokeWidth: 1.75, 'aria-hidden': true } as const

interface ExampleFlow {
  name: string
  path: string
  summary: string
}

export function EmptyCanvas() {
  const empty = useDocument((state) => Object.keys(state.flow.nodes).length === 0)
  return empty ? <Beginnings /> : null
}

function Beginnings() {
  const [examples, setExamples] = useState<readonly ExampleFlow[]>([])
  const files = useRef<HTMLInputElement>(null)
  useEffect(() => {
    let here = true
    // Without examples the row is left out; that is no reason to trouble anybody.
    const listed = async () => studio.shell.examples()
    listed().then(
      (found) => here && setExamples(found),
      () => {},
    )
    return () => {
      here = false
    }
  }, [])
  const addNode = () =>
    viewStore.getState().openPicker({ screen: canvasActions.screenCentre(), at: canvasActions.centre() })
  const take = (list: FileList | null) => {
    if (list && list.length > 0) void studio.dropFiles([...list], canvasActions.centre())
  }
  return (
    <section className="canvas-empty" aria-label="Begin">
      <button type="button" className="canvas-begin" onClick={addNode}>
        <Plus {...ICON} />
        <span>
          <strong>Add a node</strong>
          <span>Or double-click anywhere on the canvas</span>
        </span>
        <kbd>N</kbd>
      </button>
      <button type="button" className="canvas-begin" onClick={() => files.current?.click()}>
        <FileDown {...ICON} />
        <span>
          <strong>Drop a data file</strong>
          <span>CSV, NDJSON, log or text, also gzipped: it becomes a source that is set up</span>
        </span>
      </button>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        accept=".csv,.tsv,.ndjson,.jsonl,.log,.txt,.gz,.weir.json"
        onChange={(event) => take(event.target.files)}
      />
      {examples.length > 0 && (
        <div className="canvas-begin canvas-begin-examples">
          <Workflow {...ICON} />
          <span>
            <strong id="canvas-examples">Open an example</strong>
            <span className="canvas-examples" role="group" aria-labelledby="canvas-examples">
              {examples.map(({ name, path, summary }) => (
                <button
                  key={path}
                  type="button"
                  title={summary}
                  onClick={() => void studio.openExample(path)}
                >
                  {name}
                </button>
              ))}
            </span>
          </span>
        </div>
      )}
    </section>
  )
}
