/** The little of Monaco's inside that Weir uses and Monaco gives no types for. */

declare module 'monaco-editor/platform/storage/common/storage' {
  export interface ServiceId<Service> {
    readonly type: Service
  }
  /** Kept in memory, for the page. */
  export const IStorageService: ServiceId<{
    store(key: string, value: string, scope: number, target: number): void
  }>
}

declare module 'monaco-editor/editor/standalone/browser/standaloneServices' {
  import type { ServiceId } from 'monaco-editor/platform/storage/common/storage'

  export const StandaloneServices: { get<Service>(id: ServiceId<Service>): Service }
}
