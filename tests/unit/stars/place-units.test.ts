/** Windows are filled by what lies in them: a picture of a twenty-fifth of a second is not two seconds of picture. */
import { describe, expect, it } from 'vitest'
import type { PictureMeasurement } from '../../../electron/engine/stars/measurements.ts'
import type { ClockBins } from '../../../electron/engine/stars/place-units.ts'
import { placeUnits } from '../../../electron/engine/stars/place-units.ts'
import { estimateStars } from '../../../shared/stars/estimate/estimate-stars.ts'
import type { StarsInput } from '../../../shared/stars/estimate/stars-input.ts'
import { ALIGNED } from '../../../shared/stars/estimate/stars-input.ts'
import { madeUpTake, TEST_PACK } from '../../fixtures/stars/stars-inputs.ts'

/** A film that begins on its clock at some second, looked at once a second. */
function film(startSeconds: number, durationSeconds: number): ClockBins {
  const bins = Array.from({ length: Math.ceil(durationSeconds) }, (_, at) => ({
    t: startSeconds + at,
    vector: [at, 1],
    clarity: 0.8,
    exposure: 1,
    motion: 0,
  }))
  return {
    assetId: 'film',
    clockId: 'film-clock',
    group: ALIGNED,
    toGroupSeconds: (seconds) => seconds,
    measurements: [{ kind: 'picture', binSeconds: 1, bins } as unknown as PictureMeasurement],
    heldShare: (_measurement, t) => Math.min(1, startSeconds + durationSeconds - t),
    seen: [],
  }
}

const filled = (clock: ClockBins, windowSeconds: number): (number | undefined)[] =>
  placeUnits([clock], windowSeconds).map(({ seconds }) => seconds?.picture)

describe('windows of a film', () => {
  it('are filled but for its rims', () => {
    expect(filled(film(0, 0.04), 2)).toEqual([0.04])
    expect(filled(film(0, 4), 2)).toEqual([undefined, undefined])
    expect(filled(film(0, 5.25), 2)).toEqual([undefined, undefined, 1.25])
    expect(filled(film(1.5, 2.5), 2)).toEqual([undefined, 0.5])
  })

  it('stand for the seconds that begin in them, so that all of them are told', () => {
    expect(filled(film(0, 9.5), 2.5)).toEqual([2, 3, 2, 2.5].map((seconds) => (seconds === 2.5 ? undefined : seconds)))
  })

  it('are those of the reference, where a clock was put a hair beside it', () => {
    const beside = { ...film(0, 6), toGroupSeconds: (seconds: number) => seconds - 2e-7 }
    const windows = placeUnits([film(0, 6), beside], 2).map(({ window }) => window)
    expect(windows).toEqual([0, 1, 2, 0, 1, 2])
  })

  it('count as much of the picture as they are filled with', () => {
    const take = madeUpTake(3)
    const [unit] = take.units
    const of = (seconds: StarsInput['units'][number]['seconds']) => {
      const one = { ...unit, sound: null, motion: null, ...(seconds && { seconds }) }
      const report = estimateStars({ ...take, captions: [], units: [one] }, TEST_PACK)
      return report.signals.find(({ id }) => id === 'picture')!
    }
    const [whole, rim] = [of(undefined), of({ picture: 0.04 })]
    expect(whole.why).toContain('There are 2 s of picture')
    expect(rim.why).toContain('There are 0.04 s of picture')
    expect(rim.contribution_stars).toBeLessThan(whole.contribution_stars / 10)
  })
})
