import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amplitudeAt, amplitudeOf, isAsRecorded, setSound } from '../../shared/document/clip-sound.ts'
import type { Clip, DocumentRecord, Track } from '../../shared/document/records.ts'
import { splitAt } from '../../shared/document/timeline.ts'
import { overwrite } from '../../shared/document/timeline-clipboard.ts'

const clip: Clip = {
  id: 'c',
  assetId: 'a',
  streamId: 's',
  startTicks: 1000,
  durationTicks: 10_000,
  sourceStartTicks: 0,
  linkId: null,
}
const sounding = { ...clip, gainDb: -6, fadeInTicks: 2000, fadeOutTicks: 3000 }

function trackWith(clips: Clip[]): Track {
  return { kind: 'track', id: 't', title: '', sensor: 'audio', order: 0, muted: false, locked: false, clips }
}

describe('how loud a clip is', () => {
  it('is silent at its edges where it fades, as set in between, and never louder than that', () => {
    expect(amplitudeAt(sounding, 0)).toBe(0)
    expect(amplitudeAt(sounding, 10_000)).toBeCloseTo(0, 12)
    expect(amplitudeAt(sounding, 5000)).toBeCloseTo(10 ** (-6 / 20), 12)
    fc.assert(
      fc.property(fc.double({ min: -100, max: 11_000, noNaN: true }), (ticks) => {
        const amplitude = amplitudeAt(sounding, ticks)
        expect(amplitude).toBeGreaterThanOrEqual(-1e-12)
        expect(amplitude).toBeLessThanOrEqual(amplitudeOf(-6))
      }),
    )
  })

  it('keeps the power of two sounds that fade across each other', () => {
    const falling = { ...clip, fadeOutTicks: 4000 }
    const rising = { ...clip, fadeInTicks: 4000 }
    for (let n = 0; n <= 4000; n += 100) {
      expect(amplitudeAt(falling, 6000 + n) ** 2 + amplitudeAt(rising, n) ** 2).toBeCloseTo(1, 12)
    }
  })

  it('is written down only where it differs from what was recorded, within bounds', () => {
    const changed = { ...sounding }
    setSound(changed, { gainDb: 90, fadeInTicks: 50_000, fadeOutTicks: 0 })
    expect(changed).toEqual({ ...clip, gainDb: 24, fadeInTicks: 10_000 })
    setSound(changed, { gainDb: 0, fadeInTicks: 0 })
    expect(changed).toEqual(clip)
    expect(isAsRecorded(changed)).toBe(true)
  })

  it('does not fade at a cut that was not there', () => {
    const draft = new Map<string, DocumentRecord>([['t', trackWith([{ ...sounding }])]])
    splitAt(draft, 5000, ['t'], () => 'tail')
    const { fadeOutTicks: _out, ...head } = sounding
    const { fadeInTicks: _in, ...tail } = sounding
    const track = draft.get('t') as Track
    expect(track.clips).toEqual([
      { ...head, durationTicks: 4000 },
      { ...tail, id: 'tail', startTicks: 5000, durationTicks: 6000, sourceStartTicks: 4000 },
    ])
    const under = trackWith([{ ...sounding }])
    overwrite(new Map(), under, { ...clip, id: 'over', startTicks: 4000, durationTicks: 1000 }, () => 'behind')
    expect(under.clips.map((each) => [each.id, each.fadeInTicks ?? 0, each.fadeOutTicks ?? 0])).toEqual([
      ['c', 2000, 0],
      ['over', 0, 0],
      ['behind', 0, 3000],
    ])
  })
})
