/** A text input that completes names of fields: the list opens while typing or with the down arrow. */
import { useId, useState } from 'react'
import type { FieldInfo } from '../../../engine/host/protocol.ts'

export interface NameInputProps {
  id?: string | undefined
  describedBy?: string | undefined
  label?: string | undefined
  invalid?: boolean
  value: string
  placeholder?: string | undefined
  names: readonly FieldInfo[]
  onChange(value: string): void
  /** Enter, or a click on a name of the list. */
  onPick?(value: string): void
  onKeyDown?(event: React.KeyboardEvent<HTMLInputElement>): void
}

const SHOWN = 12

export function NameInput(props: NameInputProps) {
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const list = useId()
  const typed = props.value.toLowerCase()
  const found = props.names
    .filter(({ name }) => name.toLowerCase().includes(typed) && name !== props.value)
    .toSorted(
      (a, b) =>
        Number(b.name.toLowerCase().startsWith(typed)) - Number(a.name.toLowerCase().startsWith(typed)),
    )
    .slice(0, SHOWN)
  const shown = open && found.length > 0

  const pick = (name: string) => {
    setOpen(false)
    setActive(-1)
    if (props.onPick) props.onPick(name)
    else props.onChange(name)
  }
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const chosen = found[active]
    if (step !== 0) {
      event.preventDefault()
      setOpen(true)
      setActive((active + step + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter' && shown && chosen) {
      event.preventDefault()
      pick(chosen.name)
    } else if (event.key === 'Enter' && props.onPick) {
      event.preventDefault()
      pick(props.value)
    } else if (event.key === 'Escape' && shown) {
      event.stopPropagation()
      setOpen(false)
    } else props.onKeyDown?.(event)
  }
  return (
    <div className="name-input">
      <input
        id={props.id}
        className="input mono"
        role="combobox"
        aria-expanded={shown}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? `${list}-${active}` : undefined}
        aria-describedby={props.describedBy}
        aria-label={props.label}
        aria-invalid={props.invalid}
        autoComplete="off"
        spellCheck={false}
        placeholder={props.placeholder}
        value={props.value}
        onChange={(event) => {
          setOpen(true)
          setActive(-1)
          props.onChange(event.target.value)
        }}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {shown && (
        <ul className="name-list" role="listbox" id={list} aria-label="Fields">
          {found.map(({ name, type }, index) => (
            <li
              key={name}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === active}
              // Before the input loses the focus, which would close the list.
              onPointerDown={(event) => {
                event.preventDefault()
                pick(name)
              }}
            >
              <span>{name}</span>
              <span>{type}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
