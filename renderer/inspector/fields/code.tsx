/** Expressions and scripts: the code editor, loaded on first use; until then, and should that fail, plain text. */
import { Component, lazy, Suspense } from 'react'
import { markTyped } from '../../app/own-code.ts'
import { recordDeclaration } from '../../code/record-type.ts'
import { problemsAt } from '../form-model.ts'
import { useForm } from '../form-context.ts'
import type { FieldProps } from './field-props.ts'

const CodeEditor = lazy(async () => ({ default: (await import('../../code/code-editor.tsx')).CodeEditor }))

export function CodeField(props: FieldProps) {
  const { node, problems, upstream } = useForm()
  const { field, path, id, describedBy, value } = props
  const source = typeof value === 'string' ? value : String(field.initial ?? '')
  const change = (next: string) => {
    markTyped(next)
    props.onChange(next === '' && field.initial !== undefined ? undefined : next)
  }
  const plain = <PlainCode {...props} source={source} onSource={change} />
  return (
    <Fallback plain={plain}>
      <Suspense fallback={plain}>
        <CodeEditor
          id={id}
          label={field.title}
          describedBy={describedBy}
          kind={field.kind === 'script' ? 'script' : 'expression'}
          source={source}
          placeholder={field.placeholder}
          declaration={recordDeclaration(upstream.fields, upstream.records)}
          problems={problemsAt(problems, node, path)}
          onChange={change}
        />
      </Suspense>
    </Fallback>
  )
}

function PlainCode(props: FieldProps & { source: string; onSource(source: string): void }) {
  return (
    <textarea
      id={props.id}
      className="input mono"
      rows={props.field.kind === 'script' ? 10 : 1}
      spellCheck={false}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid}
      placeholder={props.field.placeholder}
      value={props.source}
      onChange={(event) => props.onSource(event.target.value)}
    />
  )
}

/** Code can still be written where the editor could not be loaded. */
class Fallback extends Component<{ plain: React.ReactNode; children: React.ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override render() {
    return this.state.failed ? this.props.plain : this.props.children
  }
}
