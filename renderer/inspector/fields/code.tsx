/** Expressions and scripts: the code editor, loaded on first use; until then, and should that fail, plain text. */
import { Component, lazy, Suspense, useEffect, useRef } from 'react'
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
  const typing = useRef(false)
  const plain = (
    <PlainCode {...props} source={source} onSource={change} onTyping={(is) => (typing.current = is)} />
  )
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
        <TakeOver id={id} wanted={() => typing.current} />
      </Suspense>
    </Fallback>
  )
}

/** Somebody who is in the plain text when the editor takes its place goes on in the editor. */
function TakeOver({ id, wanted }: { id: string; wanted(): boolean }) {
  const first = useRef(wanted)
  useEffect(() => {
    if (!first.current()) return
    const input = '.monaco-editor textarea, .monaco-editor .native-edit-context'
    document.getElementById(id)?.querySelector<HTMLElement>(input)?.focus()
  }, [id])
  return null
}

interface PlainCodeProps extends FieldProps {
  source: string
  /** Whether it has the focus. Not called when it is taken away with it. */
  onTyping(is: boolean): void
  onSource(source: string): void
}

function PlainCode(props: PlainCodeProps) {
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
      onFocus={() => props.onTyping(true)}
      onBlur={() => props.onTyping(false)}
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
