/** Every call that the page may make to main, with the schema of its payload, and what main tells the page. */
import { z } from 'zod'
import type {
  BackupContent,
  DocumentState,
  Example,
  MenuCommand,
  SavedDocument,
} from '../renderer/shell/bridge.ts'
import type { EngineStatus, OpenedDocument, RecentDocument, Recovered } from '../renderer/shell/shell.ts'
import { MAX_FLOW_BYTES } from '../engine/flow/model.ts'

const EXPORT_BYTES = 512 * 1024 * 1024

const nothing = z.undefined()
const path = z.string().min(1).max(4096)
const name = z.string().max(255)
const text = z.string().max(MAX_FLOW_BYTES)
const id = z.uuid()
const short = z.string().max(200)

const documentState = z.strictObject({
  title: z.string().max(300),
  path: path.nullable(),
  dirty: z.boolean(),
}) satisfies z.ZodType<DocumentState>

const menuCommand = z.strictObject({
  id: short.min(1),
  label: short.min(1),
  keys: short.optional(),
  enabled: z.boolean(),
  menu: short.optional(),
}) satisfies z.ZodType<MenuCommand>

const backup = z.strictObject({
  path: path.nullable(),
  name: z.string().max(300),
  text,
}) satisfies z.ZodType<BackupContent>

const filters = z
  .array(
    z.strictObject({ name: short, extensions: z.array(z.string().regex(/^(\*|[\w.-]{1,20})$/)).max(50) }),
  )
  .max(20)

/** Page → main. A call with any other name, or with a payload that does not fit, is refused. */
export const calls = {
  'engine:connect': z.strictObject({ nonce: z.string().min(16).max(64) }),
  'engine:restart': nothing,
  'engine:status': nothing,
  'document:initial': nothing,
  'document:open': nothing,
  'document:open-path': z.strictObject({ path }),
  'document:save': z.strictObject({ path, text, expectedMtimeMs: z.number().optional() }),
  'document:save-as': z.strictObject({ suggestedName: name, text }),
  'document:recent': nothing,
  'document:examples': nothing,
  'document:state': documentState,
  'document:saved-before-close': z.strictObject({ saved: z.boolean() }),
  'file:export': z.strictObject({
    suggestedName: name,
    content: z.union([
      z.string().max(EXPORT_BYTES),
      z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.byteLength <= EXPORT_BYTES),
    ]),
  }),
  'file:pick-data': z.strictObject({ filters: filters.optional() }),
  'file:pick-save-path': z.strictObject({ suggestedName: name }),
  /** Empty where the file came from no disk. */
  'file:dropped': z.strictObject({ path: z.string().max(4096) }),
  'backup:write': backup,
  'backup:clear': nothing,
  'backup:recover': nothing,
  'backup:discard': z.strictObject({ id }),
  'menu:set': z.strictObject({ commands: z.array(menuCommand).max(500) }),
  'clipboard:write': z.strictObject({ text }),
  'clipboard:read': nothing,
} satisfies Record<string, z.ZodType>

export type CallName = keyof typeof calls
/** What the page sends. */
export type Payload<Name extends CallName> = z.input<(typeof calls)[Name]>
/** What main gets, after the check. */
export type Checked<Name extends CallName> = z.output<(typeof calls)[Name]>

export interface CallReplies {
  'engine:connect': null
  'engine:restart': null
  'engine:status': EngineStatus
  'document:initial': OpenedDocument | null
  'document:open': OpenedDocument | null
  'document:open-path': OpenedDocument
  'document:save': SavedDocument
  'document:save-as': SavedDocument | null
  'document:recent': RecentDocument[]
  'document:examples': Example[]
  'document:state': null
  'document:saved-before-close': null
  'file:export': boolean
  'file:pick-data': string | null
  'file:pick-save-path': string | null
  'file:dropped': string
  'backup:write': null
  'backup:clear': null
  'backup:recover': Recovered[]
  'backup:discard': null
  'menu:set': null
  'clipboard:write': null
  'clipboard:read': string
}

/** Main → page. `engine:port` also carries the port. */
export interface Tellings {
  'engine:port': { nonce: string }
  'engine:status-changed': EngineStatus
  'document:open-this': OpenedDocument
  'document:save-before-close': null
  'menu:command': string
}
