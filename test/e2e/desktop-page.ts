/** What the fixture page (test/fixtures/desktop-page) puts on its window, as types for the specs. */
import type { EngineStatus, OpenedDocument } from '../../renderer/shell/shell.ts'
import type { DesktopBridge } from '../../renderer/shell/bridge.ts'

/** Also brings the type of `window.weirDesktop` with it. */
export type Bridge = DesktopBridge

declare global {
  interface Window {
    heard: {
      status: EngineStatus[]
      documents: OpenedDocument[]
      commands: string[]
      argumentCounts: number[]
      askedToSave?: boolean
      portClosed?: boolean
    }
    saveAnswer: boolean
    port: MessagePort
    connectEngine(nonce?: string): Promise<MessagePort>
    greetEngine(): Promise<unknown>
  }
}
