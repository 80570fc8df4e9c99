import { describe, expect, test } from 'vitest'
import { sequenceRate } from '../../shared/document/edit-rates.ts'
import { projectFrameRate } from '../../renderer/src/timeline/frame-rate.ts'
import { viewProject } from '../../electron/engine/publish/package/project-view.ts'
import { projectRecord, streamRecord, trackRecord } from '../fixtures/publish/project.ts'

/** The rate of an edit with these films, the first on its topmost track. */
function rateOfEdit(...films: readonly (readonly [pictures: number, seconds: number, muted?: 'muted'])[]): number {
  const streams = films.map(([numerator, denominator], n) =>
    streamRecord(`film-${n}`, { sensor: 'video', frameRate: { numerator, denominator } }),
  )
  const tracks = streams.map((stream, n) => ({ ...trackRecord(stream, n, 0), muted: films[n]![2] === 'muted' }))
  const rate = sequenceRate(viewProject([projectRecord(), ...streams, ...tracks]))
  return rate.numerator / rate.denominator
}

describe('the rate that an edit is counted in', () => {
  test('is that of the topmost film, as it is meant', () => {
    expect(rateOfEdit([25, 1], [60, 1])).toBe(25)
    expect(rateOfEdit([2987, 100], [25, 1])).toBeCloseTo(29.97, 2)
  })

  test('is not the average of a film at an uneven rate where another has a standard one', () => {
    expect(rateOfEdit([1625, 100], [25, 1])).toBe(25)
    expect(rateOfEdit([1625, 100], [10, 1])).toBe(16)
  })

  test('stays what it was when the only film is muted, which is not shown by itself', () => {
    expect(rateOfEdit([25, 1, 'muted'])).toBe(25)
    expect(rateOfEdit([25, 1, 'muted'], [24, 1])).toBe(24)
  })

  test('is the same on the ruler as in an export', () => {
    const stream = streamRecord('film', { sensor: 'video', frameRate: { numerator: 2987, denominator: 100 } })
    const records = [projectRecord(), stream, trackRecord(stream, 0, 0)]
    expect(projectFrameRate(new Map(records.map((record) => [record.id, record])))).toEqual(
      sequenceRate(viewProject(records)),
    )
  })

  test('is 30 without pictures', () => {
    expect(rateOfEdit()).toBe(30)
  })
})
