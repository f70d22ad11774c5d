/** An expression (one line, growing to six) or a script, in Monaco, with completion of the upstream record's fields. */
import { useEffect, useRef } from 'react'
import type { Problem } from '../../engine/host/protocol.ts'
import { editor, javascriptDefaults, MarkerSeverity } from './monaco.ts'

export interface CodeEditorProps {
  id: string
  label: string
  describedBy: string
  kind: 'expression' | 'script'
  source: string
  placeholder: string
  /** TypeScript that declares `record`. */
  declaration: string
  /** What the engine says about this source. */
  problems: readonly Problem[]
  onChange(source: string): void
}

const LINE = 20
const PADDING = 6
const EXPRESSION_LINES = 6
const SCRIPT_LINES = [8, 24] as const
/** Where the declaration of `record` stands; there is one at a time, that of the editor with the focus. */
const DECLARATION = 'ts:record.d.ts'

export function CodeEditor(props: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const instance = useRef<editor.IStandaloneCodeEditor>(null)
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    if (!host.current) return
    const created = createEditor(host.current, latest)
    instance.current = created
    return () => {
      instance.current = null
      // Its model goes with it, after the parts that look at it.
      created.dispose()
    }
  }, [])

  // From outside: undo, reset, another document. The cursor stays where it can.
  useEffect(() => {
    const current = instance.current
    if (current && current.getValue() !== props.source) {
      const selection = current.getSelection()
      current.setValue(props.source)
      if (selection) current.setSelection(selection)
    }
  }, [props.source])

  useEffect(() => {
    if (instance.current?.hasTextFocus()) javascriptDefaults.addExtraLib(props.declaration, DECLARATION)
  }, [props.declaration])

  useEffect(() => {
    const model = instance.current?.getModel()
    if (model)
      editor.setModelMarkers(
        model,
        'weir',
        props.problems.flatMap((problem) => markerOf(problem, model)),
      )
  }, [props.problems])

  // "nokey": the canvas must not take Space and Delete, which it would, since this is no input element.
  return <div ref={host} className="code-editor nokey" data-kind={props.kind} id={props.id} />
}

function createEditor(host: HTMLElement, latest: { current: CodeEditorProps }): editor.IStandaloneCodeEditor {
  const { kind, source, label, placeholder } = latest.current
  const script = kind === 'script'
  const created = editor.create(host, {
    value: source,
    language: 'javascript',
    ariaLabel: label,
    placeholder,
    theme: 'weir',
    fontFamily: "'JetBrains Mono Variable', monospace",
    fontSize: 12,
    fontLigatures: false,
    lineHeight: LINE,
    padding: { top: PADDING, bottom: PADDING },
    lineNumbers: script ? 'on' : 'off',
    lineNumbersMinChars: 2,
    lineDecorationsWidth: script ? 8 : 8,
    glyphMargin: false,
    folding: false,
    minimap: { enabled: false },
    wordWrap: script ? 'off' : 'on',
    scrollBeyondLastLine: false,
    scrollBeyondLastColumn: 2,
    scrollbar: {
      alwaysConsumeMouseWheel: false,
      verticalScrollbarSize: 8,
      horizontalScrollbarSize: 8,
      useShadows: false,
    },
    overviewRulerLanes: 0,
    overviewRulerBorder: false,
    hideCursorInOverviewRuler: true,
    renderLineHighlight: 'none',
    occurrencesHighlight: 'off',
    matchBrackets: 'near',
    guides: { indentation: script },
    tabSize: 2,
    // A bracket that stands there already is typed over, whoever put it there.
    autoClosingOvertype: 'always',
    // An expression is a field among fields: Tab leaves it. A script indents; Ctrl+M switches.
    tabFocusMode: !script,
    contextmenu: false,
    automaticLayout: true,
    fixedOverflowWidgets: true,
    wordBasedSuggestions: 'off',
    suggest: { showWords: false, showIcons: true, showStatusBar: false, preview: false },
    inlineSuggest: { enabled: false },
    codeLens: false,
    dropIntoEditor: { enabled: false },
    pasteAs: { enabled: false },
    quickSuggestions: { other: true, strings: false, comments: false },
    accessibilitySupport: 'auto',
  })
  const fit = () => {
    const lines = Math.max(1, Math.round((created.getContentHeight() - 2 * PADDING) / LINE))
    const [least, most] = script ? SCRIPT_LINES : [1, EXPRESSION_LINES]
    host.style.height = `${Math.min(most, Math.max(least, lines)) * LINE + 2 * PADDING + 2}px`
    created.layout()
  }
  created.onDidContentSizeChange(fit)
  created.onDidChangeModelContent((event) => {
    const value = created.getValue()
    // What was put in from outside is no change by the person.
    if (!event.isFlush && value !== latest.current.source) latest.current.onChange(value)
  })
  const declare = () => void javascriptDefaults.addExtraLib(latest.current.declaration, DECLARATION)
  created.onDidFocusEditorText(declare)
  fit()
  return created
}

function markerOf({ at, message, severity }: Problem, model: editor.ITextModel): editor.IMarkerData[] {
  if (at.line === undefined || at.line > model.getLineCount()) return []
  const column = Math.min(at.column ?? 1, model.getLineMaxColumn(at.line))
  const word = model.getWordAtPosition({ lineNumber: at.line, column })
  return [
    {
      severity: severity === 'error' ? MarkerSeverity.Error : MarkerSeverity.Warning,
      message,
      startLineNumber: at.line,
      startColumn: word?.startColumn ?? Math.max(1, column - 1),
      endLineNumber: at.line,
      endColumn: word?.endColumn ?? column + 1,
    },
  ]
}
