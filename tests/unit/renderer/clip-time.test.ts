import { describe, expect, it } from 'vitest'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { streamRecord, trackRecord } from '../../fixtures/publish/project.ts'
import { loadFromWindow } from './window-modules.ts'

const { nearestShown, pictureOf } = await loadFromWindow('stage/clip-time')

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

  it.each([
    [1.98, 2],
    [1.9, null],
    [2.5, 2.5],
    [5, 5],
    [5.03, 5],
    [5.1, null],
    [9.97, 10],
  ])('stands at its first or last picture at the edge of a clip: at %s s', (seconds, shown) => {
    const whole = new Map<string, DocumentRecord>([...document, [stream.id, stream]])
    const found = pictureOf(whole, stream.id, seconds)
    const stands = found && secondsFromTicks(found.clip.startTicks) + found.sourceSeconds
    expect(stands && Math.round(stands * 100) / 100).toBe(shown)
  })

  it('says that nothing of it is on the timeline', () => {
    expect(nearestShown(document, 'another', 1)).toEqual({ is: 'nowhere', awaySeconds: 0 })
    expect(nearestShown(new Map(), stream.id, 1)).toEqual({ is: 'nowhere', awaySeconds: 0 })
  })
})
