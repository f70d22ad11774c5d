/** The list of completions as narrow as the field it belongs to; Monaco's own 430 px would hide the canvas beside it. */
import { StandaloneServices } from 'monaco-editor/editor/standalone/browser/standaloneServices'
import { IStorageService } from 'monaco-editor/platform/storage/common/storage'

/** Where Monaco remembers the size that somebody dragged the list to. */
const KEY = 'suggestWidget.size/vs.editor.ICodeEditor/false'
const SIZE = { width: 296, height: 220 }
/** `StorageScope.PROFILE`, which Monaco reads from, and `StorageTarget.USER`. */
const [PROFILE, USER] = [0, 0]

/** Must be called before the first list opens; from then on a size that is dragged is remembered by Monaco itself. */
export function narrowSuggestions(): void {
  StandaloneServices.get(IStorageService).store(KEY, JSON.stringify(SIZE), PROFILE, USER)
}
