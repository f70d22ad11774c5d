/** Puts buttons and notes of a panel into the dock's tab bar. */
import type { ReactNode } from 'react'
import { createPortal } from 'react-dom'

export function Tools({ host, children }: { host: HTMLElement | null; children: ReactNode }) {
  return host ? createPortal(children, host) : null
}
