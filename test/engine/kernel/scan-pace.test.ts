/** How many rows a scan takes follows how many of the last ones took the slow way. */
import { describe, expect, it } from 'vitest'
import { ScanPace } from '../../../engine/kernel/scan-pace.ts'

describe('the pace of scans', () => {
  it('begins with a short one, and goes on with all there is room for', () => {
    const pace = new ScanPace(16384)
    expect(pace.rows).toBe(2048)
    pace.passed(2048, 0)
    expect(pace.rows).toBe(16384)
  })

  it('is short again while many rows are slow', () => {
    const pace = new ScanPace(16384)
    pace.passed(2048, 0)
    pace.passed(16384, 600)
    expect(pace.rows).toBe(2048)
    pace.passed(2048, 65)
    expect(pace.rows).toBe(2048)
    pace.passed(2048, 64)
    expect(pace.rows).toBe(16384)
  })

  it('never takes more than there is room for', () => {
    const pace = new ScanPace(10)
    expect(pace.rows).toBe(10)
    pace.passed(10, 10)
    expect(pace.rows).toBe(10)
  })

  it('does not mind a scan without rows', () => {
    const pace = new ScanPace(16384)
    pace.passed(0, 0)
    expect(pace.rows).toBe(16384)
  })
})
