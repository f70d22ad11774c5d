/** Entry of the renderer: styles, theme, the studio's start, then the window. */
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/app.css'
import './styles/palette.css'
import './styles/inspector.css'
import './styles/fields.css'
import './styles/inspector-facts.css'
import './styles/commands.css'
import './styles/dialogs.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { pickShell } from './shell/pick-shell.ts'
import { startStudio } from './app/studio.ts'
import { sessionStore } from './app/session.ts'
import { followTheme } from './app/theme.ts'

followTheme()

// The window is there before the engine is: its state line says that it is starting.
const shell = await pickShell()
sessionStore.setState({ shell })
createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
await startStudio(shell)
