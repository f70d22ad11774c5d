/** Monaco with only what Weir's editors need; this file and all it imports are loaded with the first code field. */
import { editor, MarkerSeverity } from 'monaco-editor/editor'
import { javascriptDefaults } from 'monaco-editor/languages/features/typescript/register'
// Vite makes the default exports of these two; the second is the same file that Monaco's own fallback names, so that
// it is bundled once.
// oxlint-disable-next-line import/default
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
// oxlint-disable-next-line import/default
import LanguageWorker from 'monaco-editor/languages/features/typescript/ts.worker?worker'
import 'monaco-editor/languages/definitions/javascript/register'
// Monaco would load it later, and with it parts of the editor whose services can only be registered before the first one.
import 'monaco-editor/languages/features/typescript/tsMode'
import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/caretOperations/register'
import 'monaco-editor/features/clipboard/register'
import 'monaco-editor/features/codeEditor/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/features/comment/register'
import 'monaco-editor/features/cursorUndo/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/hover/register'
import 'monaco-editor/features/indentation/register'
import 'monaco-editor/features/lineSelection/register'
import 'monaco-editor/features/linesOperations/register'
import 'monaco-editor/features/multicursor/register'
import 'monaco-editor/features/parameterHints/register'
import 'monaco-editor/features/placeholderText/register'
import 'monaco-editor/features/smartSelect/register'
import 'monaco-editor/features/snippet/register'
import 'monaco-editor/features/suggest/register'
// The entry above brings inline suggestions only; the list of completions is this one.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController'
import 'monaco-editor/features/toggleTabFocusMode/register'
import 'monaco-editor/features/tokenization/register'
import 'monaco-editor/features/wordHighlighter/register'
import 'monaco-editor/features/wordOperations/register'
import 'monaco-editor/features/wordPartOperations/register'
import { narrowSuggestions } from './suggest-size.ts'
import { followEditorTheme } from './theme.ts'

export { editor, javascriptDefaults, MarkerSeverity }

declare global {
  interface Window {
    MonacoEnvironment?: { getWorker(id: string, label: string): Worker }
  }
}

window.MonacoEnvironment = {
  getWorker: (_id, label) =>
    label === 'javascript' || label === 'typescript' ? new LanguageWorker() : new EditorWorker(),
}

/** "A return outside a function": scripts are function bodies. The engine checks the rest of that rule. */
const RETURN_OUTSIDE_FUNCTION = 1108
/** "await outside a module": the engine says it in its own words. */
const AWAIT_OUTSIDE_MODULE = 1375

javascriptDefaults.setCompilerOptions({
  allowJs: true,
  allowNonTsExtensions: true,
  // Of the language, not of the browser: user code runs in the engine.
  lib: ['es2023'],
  target: 99,
})
javascriptDefaults.setDiagnosticsOptions({
  noSemanticValidation: true,
  noSyntaxValidation: false,
  noSuggestionDiagnostics: true,
  diagnosticCodesToIgnore: [RETURN_OUTSIDE_FUNCTION, AWAIT_OUTSIDE_MODULE],
})
javascriptDefaults.setModeConfiguration({
  completionItems: true,
  hovers: true,
  signatureHelp: true,
  diagnostics: true,
  documentHighlights: true,
})

followEditorTheme()
narrowSuggestions()
