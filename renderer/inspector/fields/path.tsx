/** A file, typed or picked. Files beside the flow are kept relative, so that both can move together. */
import { FolderOpen } from 'lucide-react'
import { sentenceOf } from '../../app/ask.ts'
import { baseDir } from '../../app/documents.ts'
import { relativeTo } from '../../app/paths.ts'
import { theShell } from '../../app/session.ts'
import { viewStore } from '../../stores/view.ts'
import type { FieldProps } from './field-props.ts'

const DATA = [
  { name: 'Data', extensions: ['csv', 'tsv', 'ndjson', 'jsonl', 'json', 'log', 'txt', 'gz'] },
  { name: 'All files', extensions: ['*'] },
]

export function PathField({ field, id, describedBy, value, invalid, onChange }: FieldProps) {
  const text = typeof value === 'string' ? value : ''
  const browse = async () => {
    try {
      const picked =
        field.kind === 'path-in'
          ? await theShell().pickDataFile(DATA)
          : await theShell().pickSavePath(text || field.placeholder || 'result.ndjson')
      if (picked !== null) onChange(relativeTo(baseDir(), picked))
    } catch (error) {
      viewStore.getState().notify(`No file could be picked: ${sentenceOf(error)}`, 'error')
    }
  }
  return (
    <div className="with-button">
      <input
        id={id}
        className="input mono"
        aria-describedby={describedBy}
        aria-invalid={invalid}
        spellCheck={false}
        title={text}
        placeholder={field.placeholder}
        value={text}
        onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
      />
      <button type="button" className="button" onClick={() => void browse()}>
        <FolderOpen size={14} strokeWidth={1.75} aria-hidden="true" />
        Browse
      </button>
    </div>
  )
}
