/** From the columns of a Parquet row group, as they are stored, to records. */
import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet'
import { parquetKind, parquetValue } from './parquet-values.ts'

/** Makes the value in a record of what a column holds. */
export type ColumnValue = (stored: unknown) => unknown

type Stored = Parameters<ReturnType<typeof parquetValue>>[0]

/** The value of a column in records, with all that lies below it. */
export function columnValue(tree: SchemaTree): ColumnValue {
  const { element, children } = tree
  const one = valueOf(tree)
  // Files from before there were lists say so by repeating a column.
  return element.repetition_type === 'REPEATED' && !isListed(children, element) ? list(one) : one
}

function valueOf(tree: SchemaTree): ColumnValue {
  const { element, children } = tree
  if (children.length === 0) {
    const make = parquetValue(parquetKind(element))
    return (stored) => make(stored as Stored)
  }
  const inner = children[0]!
  if (isListed(children, element)) {
    // Three levels, or two in old files: list of elements, or repeated elements.
    return list(inner.children.length === 1 ? columnValue(inner.children[0]!) : valueOf(inner))
  }
  if (isMap(element)) {
    const entries = list(struct(inner.children))
    return (stored) =>
      isNone(stored) ? null : entries((stored as Record<string, unknown>)[inner.element.name])
  }
  return struct(children)
}

function isMap({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return logical?.type === 'MAP' || converted === 'MAP' || converted === 'MAP_KEY_VALUE'
}

function isListed(
  children: readonly SchemaTree[],
  { converted_type: converted, logical_type: logical }: SchemaElement,
): boolean {
  const repeated = children.length === 1 && children[0]!.element.repetition_type === 'REPEATED'
  return repeated && children[0]!.children.length <= 1 && (logical?.type === 'LIST' || converted === 'LIST')
}

function list(element: ColumnValue): ColumnValue {
  return (stored) => (isNone(stored) ? null : Array.from(stored as ArrayLike<unknown>, element))
}

function struct(children: readonly SchemaTree[]): ColumnValue {
  const fields = children.map((child) => ({ name: child.element.name, value: columnValue(child) }))
  return (stored) => {
    if (isNone(stored)) return null
    const from = stored as Record<string, unknown>
    return Object.fromEntries(fields.map(({ name, value }) => [name, value(from[name])]))
  }
}

function isNone(stored: unknown): boolean {
  return stored === null || stored === undefined
}

/**
 * The metadata with which hyparquet gives values as they are stored: without the meanings that it would turn into
 * values of its own (a `Date`, a rounded decimal, an object for a map). Texts stay marked: they are made once for each
 * entry of a dictionary, by the parser it is given.
 */
export function asStored(metadata: FileMetaData): FileMetaData {
  return { ...metadata, schema: metadata.schema.map(storedElement) }
}

function storedElement(element: SchemaElement): SchemaElement {
  const { converted_type: converted, logical_type: logical, ...plain } = element
  if (element.type === undefined) {
    const isList = logical?.type === 'LIST' || converted === 'LIST'
    return isList ? { ...plain, converted_type: 'LIST' } : plain
  }
  if (element.type === 'BYTE_ARRAY' && parquetKind(element).kind === 'text')
    return { ...plain, converted_type: 'UTF8' }
  // Any type with which the twelve bytes stay one number.
  if (element.type === 'INT96') return { ...plain, converted_type: 'INT_64' }
  return plain
}
