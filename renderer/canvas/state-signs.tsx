/** The signs of node states, defined once; cards point at them with `<use>`, so that a state changes without React. */

/** Put once into the page. Shapes differ, so that state is never told by colour alone. */
export function StateSigns() {
  return (
    <svg className="canvas-signs" aria-hidden="true">
      <symbol id="canvas-sign-running" viewBox="0 0 12 12">
        <path d="M3.5 2.2 9.6 6 3.5 9.8Z" fill="currentColor" />
      </symbol>
      <symbol id="canvas-sign-waiting" viewBox="0 0 12 12">
        <circle cx="2.5" cy="6" r="1.1" fill="currentColor" />
        <circle cx="6" cy="6" r="1.1" fill="currentColor" />
        <circle cx="9.5" cy="6" r="1.1" fill="currentColor" />
      </symbol>
      <symbol id="canvas-sign-blocked" viewBox="0 0 12 12">
        <path d="M3.8 2.5v7M8.2 2.5v7" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      </symbol>
      <symbol id="canvas-sign-done" viewBox="0 0 12 12">
        <path d="m2.5 6.4 2.4 2.4 4.6-5.3" {...STROKE} />
      </symbol>
      <symbol id="canvas-sign-stopped" viewBox="0 0 12 12">
        <rect x="3" y="3" width="6" height="6" rx="1" fill="currentColor" />
      </symbol>
      <symbol id="canvas-sign-failed" viewBox="0 0 12 12">
        <path d="m3 3 6 6M9 3 3 9" {...STROKE} />
      </symbol>
    </svg>
  )
}

const STROKE = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.75,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const
