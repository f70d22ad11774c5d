/**
 * Config fields with the metadata that forms, docs and validation read. A field is a zod type with
 * `.meta({ title, description, … })`; these helpers make the kinds that zod has no name for.
 * `z.toJSONSchema` copies every key of the metadata into the JSON Schema that the renderer gets.
 */
import { z } from 'zod'

/** Metadata keys beyond JSON Schema's own. The renderer's form reads them; keep the union closed. */
export interface FieldMeta {
  title: string
  description: string
  /** Special editor: absent means the plain one for the JSON type. */
  editor?: 'expression' | 'script' | 'path-in' | 'path-out' | 'field' | 'fields' | 'json' | 'text'
  /** Shown after the input, e.g. "records/s". */
  unit?: string
  /** Shown while empty. */
  placeholder?: string
  /** Folded away under "More". */
  advanced?: boolean
  /** Show the field only while another field of the same config has one of these values. */
  when?: Record<string, readonly (string | number | boolean)[]>
}

/** Attaches metadata; the same as `.meta` but checked against FieldMeta. */
export function field<Type extends z.ZodType>(type: Type, meta: FieldMeta): Type {
  return type.meta({ ...meta }) as Type
}

/** A JavaScript expression with `record` in scope; syntax is checked by `validate`. */
export function expression(meta: Omit<FieldMeta, 'editor'>, initial?: string) {
  const type = initial === undefined ? z.string().min(1) : z.string().min(1).default(initial)
  return field(type as z.ZodType<string>, { ...meta, editor: 'expression' })
}

/** A function body with `record` in scope; syntax is checked by `validate`. */
export function script(meta: Omit<FieldMeta, 'editor'>, initial: string) {
  return field(z.string().min(1).default(initial) as z.ZodType<string>, { ...meta, editor: 'script' })
}
