/** The settings of a node: a form made from its schema, what is rarely needed under "More". */
import { ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { FlowNode, NodeDescriptor } from '../../engine/host/protocol.ts'
import { useRun, useView } from '../app/use-stores.ts'
import { documentStore } from '../stores/document.ts'
import { FieldRow } from './field-row.tsx'
import { FormContextProvider } from './form-context.ts'
import { formFields, isShown } from './form-model.ts'
import { IdField } from './id-field.tsx'
import { useUpstream } from './upstream.ts'

export function NodeForm({
  id,
  node,
  descriptor,
}: {
  id: string
  node: FlowNode
  descriptor: NodeDescriptor
}) {
  const problems = useRun((state) => state.problems)
  const upstream = useUpstream(id)
  const fields = useMemo(() => formFields(descriptor.config), [descriptor])
  const config = node.config ?? {}
  const context = useMemo(() => ({ node: id, problems, upstream, Row: FieldRow }), [id, problems, upstream])
  const shown = fields.filter((field) => isShown(field, config, fields))
  const wanted = useView(({ focusField }) =>
    focusField?.node === id ? focusField.field.split('.')[0] : undefined,
  )
  const wantedIsFolded = shown.some((field) => field.advanced && field.key === wanted)
  const row = (field: (typeof fields)[number]) => (
    <FieldRow
      key={field.key}
      field={field}
      path={field.key}
      value={config[field.key]}
      onChange={(value) => documentStore.getState().setConfig(id, field.key, value)}
    />
  )
  return (
    <FormContextProvider value={context}>
      {fields.length === 0 && <p className="quiet">This node has nothing to set.</p>}
      {shown.filter((field) => !field.advanced).map(row)}
      <More forceOpen={wantedIsFolded}>
        {shown.filter((field) => field.advanced).map(row)}
        <IdField id={id} />
      </More>
    </FormContextProvider>
  )
}

function More({ forceOpen, children }: { forceOpen: boolean; children: React.ReactNode }) {
  const [opened, setOpen] = useState(false)
  const open = opened || forceOpen
  return (
    <div className="more">
      <button type="button" className="more-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={14} strokeWidth={1.75} aria-hidden="true" />
        More
      </button>
      {open && <div className="more-fields">{children}</div>}
    </div>
  )
}
