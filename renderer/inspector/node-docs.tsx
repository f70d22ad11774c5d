/** What a node type does: its words, ports and examples, from the descriptor. */
import type { NodeDescriptor, PortSpec } from '../../engine/host/protocol.ts'
import { Markdown } from './markdown.tsx'

export function NodeDocs({ descriptor }: { descriptor: NodeDescriptor }) {
  return (
    <div className="docs">
      <Markdown text={descriptor.docs} />
      <Ports title="Inputs" ports={descriptor.ports.in} />
      <Ports title="Outputs" ports={descriptor.ports.out} />
      {descriptor.examples.length > 0 && <h3>Examples</h3>}
      {descriptor.examples.map((example) => (
        <details key={example.title}>
          <summary>{example.title}</summary>
          {Object.keys(example.config).length > 0 && <Sample title="settings" value={[example.config]} />}
          {Object.entries(example.in ?? {}).map(([port, records]) => (
            <Sample key={`in ${port}`} title={`→ ${port}`} value={records} />
          ))}
          {Object.entries(example.out ?? {}).map(([port, records]) => (
            <Sample key={`out ${port}`} title={`${port} →`} value={records} />
          ))}
        </details>
      ))}
    </div>
  )
}

function Ports({ title, ports }: { title: string; ports: Record<string, PortSpec> }) {
  const entries = Object.entries(ports)
  if (entries.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <dl className="ports">
        {entries.map(([name, port]) => (
          <div key={name}>
            <dt>
              <code>{name}</code> {port.type !== 'any' && <span>{port.type}</span>}
            </dt>
            <dd>{port.description}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function Sample({ title, value }: { title: string; value: readonly unknown[] }) {
  return (
    <figure className="sample">
      <figcaption>{title}</figcaption>
      <pre>
        <code>{value.map((record) => JSON.stringify(record)).join('\n')}</code>
      </pre>
    </figure>
  )
}
