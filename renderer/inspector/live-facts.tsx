/** Live numbers as a list of facts; written past React, once per frame of the run. */
import { useEffect, useRef } from 'react'
import { live } from '../stores/live.ts'
import { runStore } from '../stores/run.ts'

export interface Fact {
  label: string
  /** The present text; undefined hides the fact. */
  read(): string | undefined
}

export function LiveFacts({ facts }: { facts: readonly Fact[] }) {
  const host = useRef<HTMLDListElement>(null)
  useEffect(() => {
    const write = () => {
      facts.forEach((fact, index) => {
        const row = host.current?.children[index]
        const value = row?.lastElementChild
        if (!(row instanceof HTMLElement) || !value) return
        const text = fact.read()
        row.hidden = text === undefined
        if (value.textContent !== text) value.textContent = text ?? ''
      })
    }
    write()
    const stops = [live.subscribe(write), runStore.subscribe(write)]
    return () => stops.forEach((stop) => stop())
  }, [facts])
  return (
    <dl className="facts" ref={host}>
      {facts.map(({ label }) => (
        <div key={label} hidden>
          <dt>{label}</dt>
          <dd />
        </div>
      ))}
    </dl>
  )
}
