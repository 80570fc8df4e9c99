import { describe, expect, it } from 'vitest'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { streamRecord, trackRecord } from '../../fixtures/publish/project.ts'
import { loadFromWindow } from './window-modules.ts'

const { nearestShown } = await loadFromWindow('stage/clip-time')

describe('a camera that shows nothing', () => {
  const stream = streamRecord('cam', { sensor: 'video', durationSeconds: 60 })
  const track = trackRecord(stream, 0, 0)
  const clip = track.clips[0]!
  track.clips = [
    [2, 3],
    [10, 5],
  ].map(([start, length], n) => ({
    ...clip,
    id: `clip-${n}`,
    startTicks: ticksFromSeconds(start!),
    durationTicks: ticksFromSeconds(length!),
  }))
  const document = new Map([[track.id, track]])

  it.each([
    [-1, 'ahead', 3],
    [5, 'between', 5],
    [9.5, 'between', 0.5],
    [15, 'behind', 0],
    [40, 'behind', 25],
  ])('says from %s s how far away what it shows is', (seconds, is, awaySeconds) => {
    expect(nearestShown(document, stream.id, seconds)).toEqual({ is, awaySeconds })
  })

  it('says that nothing of it is on the timeline', () => {
    expect(nearestShown(document, 'another', 1)).toEqual({ is: 'nowhere', awaySeconds: 0 })
    expect(nearestShown(new Map(), stream.id, 1)).toEqual({ is: 'nowhere', awaySeconds: 0 })
  })
})
