/** The studio's window. */
import { Tooltip } from 'radix-ui'
import { lazy, Suspense, useEffect } from 'react'
import { CommandPalette } from '../commands/command-palette.tsx'
import { followMenu, listenToKeys } from '../commands/commands.ts'
import { Shortcuts } from '../commands/shortcuts.tsx'
import { NodePicker } from '../palette/node-picker.tsx'
import { Announcer } from './announcer.tsx'
import { Banner } from './banner.tsx'
import { Panels } from './panels.tsx'
import { Questions } from './questions.tsx'
import { theShell } from './session.ts'
import { StatusBar } from './status-bar.tsx'
import { Toast } from './toast.tsx'
import { TopBar } from './top-bar.tsx'

const WebFileDialog = lazy(async () => ({
  default: (await import('../shell/web-file-dialog.tsx')).WebFileDialog,
}))

export function App() {
  const shell = theShell()
  useEffect(() => {
    const stops = [listenToKeys(shell.platform === 'mac'), followMenu(shell)]
    return () => stops.forEach((stop) => stop())
  }, [shell])
  return (
    <Tooltip.Provider delayDuration={500} skipDelayDuration={200}>
      <div className="app">
        <TopBar />
        <Banner />
        <Panels />
        <StatusBar />
      </div>
      <NodePicker />
      <CommandPalette />
      <Shortcuts />
      <Questions />
      <Toast />
      <Announcer />
      {shell.kind === 'web' && (
        <Suspense fallback={null}>
          <WebFileDialog />
        </Suspense>
      )}
    </Tooltip.Provider>
  )
}
