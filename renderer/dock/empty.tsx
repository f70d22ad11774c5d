/** What a panel says while it has nothing to show: what is missing and what to do. */
import type { ReactNode } from 'react'

interface EmptyProps {
  title: string
  children?: ReactNode
  tone?: 'quiet' | 'failed'
}

export function Empty({ title, children, tone = 'quiet' }: EmptyProps) {
  return (
    <div className={`dock-empty dock-empty-${tone}`} role={tone === 'failed' ? 'alert' : 'status'}>
      <p className="dock-empty-title">{title}</p>
      {children !== undefined && <p className="dock-empty-text">{children}</p>}
    </div>
  )
}
