// Which node types the palette and the picker show, and in which order.
import { describe, expect, it } from 'vitest'
import { portFor, mainOutput } from '../../renderer/palette/fit.ts'
import { rankTypes } from '../../renderer/palette/rank.ts'
import type { NodeDescriptor, PortType } from '../../engine/host/protocol.ts'

function type(name: string, takes: PortType | null, gives: PortType | null, summary = ''): NodeDescriptor {
  const port = (portType: PortType | null, key: string) =>
    portType === null ? {} : { [key]: { type: portType, description: '' } }
  return {
    type: name,
    kind: takes === null ? 'generator' : gives === null ? 'consumer' : 'processor',
    version: 1,
    title: name,
    summary,
    docs: '',
    config: {},
    defaults: {},
    ports: {
      in: port(takes, 'in'),
      out: { ...port(gives, 'out'), error: { type: 'error', description: '' } },
    },
    look: { icon: '', face: '' },
    examples: [],
  }
}

const range = type('range', null, 'number')
const parse = type('parse', 'text', 'record', 'Reads JSON, CSV rows and log lines.')
const filter = type('filter', 'any', 'any', 'Lets through the records for which a condition holds.')
const flatMap = type('flat-map', 'any', 'any')
const table = type('table', 'any', null)
const all = [range, parse, filter, flatMap, table]
const names = (descriptors: NodeDescriptor[]) => descriptors.map((descriptor) => descriptor.type)

describe('ranking', () => {
  it('keeps the order of the list without a search', () => {
    expect(names(rankTypes(all, { query: '' }))).toEqual(['range', 'parse', 'filter', 'flat-map', 'table'])
  })

  it('puts names that begin with the search before names and summaries that hold it', () => {
    expect(names(rankTypes([...all, type('lines', null, 'text')], { query: 'l' }))[0]).toBe('lines')
    expect(names(rankTypes(all, { query: 'map' }))).toEqual(['flat-map'])
    expect(names(rankTypes(all, { query: 'log' }))).toEqual(['parse'])
  })

  it('wants every word', () => {
    expect(names(rankTypes(all, { query: 'csv rows' }))).toEqual(['parse'])
    expect(names(rankTypes(all, { query: 'csv range' }))).toEqual([])
  })

  it('keeps only types that the wire fits, and puts those made for its type first', () => {
    const wire = { direction: 'out', type: 'text' } as const
    expect(names(rankTypes(all, { query: '', wire }))).toEqual(['parse', 'filter', 'flat-map', 'table'])
    expect(names(rankTypes(all, { query: '', wire: { direction: 'out', type: 'number' } }))).not.toContain(
      'parse',
    )
    expect(names(rankTypes(all, { query: '', wire: { direction: 'in', type: 'text' } }))).toEqual([
      'filter',
      'flat-map',
    ])
  })

  it('puts what was used lately before what was not, but never before a better match', () => {
    expect(names(rankTypes(all, { query: '', recent: ['table', 'filter'] })).slice(0, 2)).toEqual([
      'table',
      'filter',
    ])
    expect(names(rankTypes(all, { query: 'fi', recent: ['parse'] }))[0]).toBe('filter')
  })

  it('leaves only nodes with a way through for the middle of an edge', () => {
    const splice = { direction: 'out', type: 'any' } as const
    expect(names(rankTypes(all, { query: '', splice }))).toEqual(['parse', 'filter', 'flat-map'])
  })
})

describe('the port that continues a wire', () => {
  it('is an error port only where nothing else is there', () => {
    expect(portFor(filter, { direction: 'in', type: 'any' })).toBe('out')
    expect(portFor(table, { direction: 'in', type: 'any' })).toBe('error')
  })

  it('is missing where types do not fit', () => {
    expect(portFor(parse, { direction: 'out', type: 'number' })).toBeNull()
    expect(portFor(range, { direction: 'out', type: 'any' })).toBeNull()
  })

  it('is the first output that is not for errors', () => {
    expect(mainOutput(filter)).toEqual({ port: 'out', type: 'any' })
    expect(mainOutput(table)).toBeNull()
  })
})
