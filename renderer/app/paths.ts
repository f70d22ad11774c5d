/** Paths as text, for both kinds of separator: the renderer has no file system, only names. */
import type { Flow, JsonSchema, NodeDescriptor } from '../../engine/host/protocol.ts'

const ABSOLUTE = /^([/\\]|[A-Za-z]:[/\\])/

export function folderOf(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return cut <= 0 ? path.slice(0, cut + 1) : path.slice(0, cut)
}

export function fileNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

/** The path as a flow in this folder should hold it: relative where the file is inside, else as it is. */
export function relativeTo(folder: string, path: string): string {
  const separator = folder.includes('\\') ? '\\' : '/'
  const prefix = folder.endsWith(separator) ? folder : folder + separator
  return path.startsWith(prefix) ? path.slice(prefix.length).replaceAll('\\', '/') : path
}

/** An absolute path for one that counts from this folder. */
export function absoluteFrom(folder: string, path: string): string {
  if (path === '' || ABSOLUTE.test(path)) return path
  return `${folder.replace(/[/\\]$/, '')}${folder.includes('\\') ? '\\' : '/'}${path}`
}

/** A file name for a flow of this name. */
export function suggestedFileName(name: string): string {
  const base = name
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
  return `${base || 'flow'}.weir.json`
}

/** The same flow for another folder: its relative data paths still lead to the same files. */
export function rebasePaths(
  flow: Flow,
  folders: { from: string; to: string },
  descriptors: ReadonlyMap<string, NodeDescriptor>,
): Flow {
  if (folders.from === folders.to) return flow
  let changed = false
  const nodes = Object.fromEntries(
    Object.entries(flow.nodes).map(([id, node]) => {
      const schema = descriptors.get(node.type)?.config
      const config = schema ? rebase(schema, node.config, folders) : node.config
      if (config === node.config) return [id, node]
      changed = true
      return [id, { ...node, config: config as Record<string, unknown> }]
    }),
  )
  return changed ? { ...flow, nodes } : flow
}

function rebase(schema: JsonSchema, value: unknown, folders: { from: string; to: string }): unknown {
  if ((schema.editor === 'path-in' || schema.editor === 'path-out') && typeof value === 'string') {
    return relativeTo(folders.to, absoluteFrom(folders.from, value))
  }
  if (!schema.properties || typeof value !== 'object' || value === null) return value
  let result = value as Record<string, unknown>
  for (const [key, property] of Object.entries(schema.properties)) {
    const next = rebase(property, result[key], folders)
    if (next !== result[key]) result = { ...result, [key]: next }
  }
  return result
}
