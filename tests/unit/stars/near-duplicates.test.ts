import { describe, expect, it } from 'vitest'
import { PDQ_SIDE, pdqCoefficients, pdqForm, pdqHash, pdqHex } from '../../../shared/originality/pdq.ts'
import { areaPicture } from '../../../shared/originality/resample-picture.ts'
import { randomStream } from '../../../shared/stars/algebra/random.ts'
import { findNearDuplicates, LOOK_CROPS } from '../../../shared/stars/estimate/near-duplicates.ts'
import { ALIGNED, type UnitInput } from '../../../shared/stars/estimate/stars-input.ts'
import { prepareStars } from '../../../shared/stars/estimate/unit-state.ts'
import { madeUpTake } from '../../fixtures/stars/stars-inputs.ts'

const SIDE = 128

/** Soft spots in places that the seed decides, as pictures have them. */
function picture(seed: number): Float64Array {
  const random = randomStream(seed)
  const spots = Array.from({ length: 24 }, () => [
    random.next(),
    random.next(),
    0.03 + 0.1 * random.next(),
    random.normal(),
  ])
  return Float64Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [x, y] = [(at % SIDE) / SIDE, Math.floor(at / SIDE) / SIDE]
    const sum = spots.reduce(
      (all, [cx, cy, r, h]) => all + h! * Math.exp(-((x - cx!) ** 2 + (y - cy!) ** 2) / r! ** 2),
      0,
    )
    return Math.min(255, Math.max(0, 128 + 90 * sum))
  })
}

/** A look from a little aside: 22 bits of each hash are others. */
function aside(look: string): string {
  return Array.from(look, (digit, at) => (at % 64 < 22 ? (Number.parseInt(digit, 16) ^ 1).toString(16) : digit)).join(
    '',
  )
}

function lookOf(grey: ArrayLike<number>): string {
  const coefficients = pdqCoefficients(areaPicture(grey, SIDE, SIDE, PDQ_SIDE))
  const middles = LOOK_CROPS.map((crop) => pdqCoefficients(areaPicture(grey, SIDE, SIDE, PDQ_SIDE, crop)))
  return [coefficients, pdqForm(coefficients, 1), ...middles].map((each) => pdqHex(pdqHash(each))).join('')
}

const CHANGES: Readonly<Record<string, (grey: Float64Array) => ArrayLike<number>>> = {
  'as it is': (grey) => grey,
  mirrored: (grey) => grey.map((_, at) => grey[at - (at % SIDE) + SIDE - 1 - (at % SIDE)]!),
  darker: (grey) => grey.map((value) => 0.5 * value + 10),
  grainy: (grey) => {
    const random = randomStream(9)
    return grey.map((value) => value + 12 * random.normal())
  },
  'upside down': (grey) => grey.map((_, at) => grey[SIDE * (SIDE - 1 - Math.floor(at / SIDE)) + (at % SIDE)]!),
  'turned by half': (grey) => grey.map((_, at) => grey[SIDE * SIDE - 1 - at]!),
  'as its negative': (grey) => grey.map((value) => 255 - value),
  cropped: (grey) => areaPicture(grey, SIDE, SIDE, SIDE, 0.92),
}

function unit(window: number, look: string | null, clockId = 'camera', sound: number | null = null): UnitInput {
  const measured = { vector: [0], clarity: 1, exposure: 1, motion: 0, ...(look !== null && { looks: [look] }) }
  const heard = { vector: [sound ?? 0], clearness: 1, clippedShare: 0, speech: 0 }
  const place = { assetId: clockId, clockId, group: ALIGNED, window }
  return { ...place, picture: measured, sound: sound === null ? null : heard, motion: null }
}

const alike = (a: UnitInput, [b]: readonly UnitInput[]): number | null =>
  a.sound && b?.sound ? Number(a.sound.vector[0] === b.sound.vector[0]) : null
const found = (units: readonly UnitInput[]): number[] => [...findNearDuplicates(units, alike)]

describe('near duplicates', () => {
  const looks = Array.from({ length: 12 }, (_, seed) => lookOf(picture(seed + 1)))

  it.each(Object.entries(CHANGES))('are found when a picture comes again %s', (_name, change) => {
    const again = Array.from({ length: 12 }, (_, seed) => lookOf(change(picture(seed + 1))))
    const units = [...looks, ...again].map((look, at) => unit(at, look))
    expect(found(units)).toEqual([...looks.map(() => -1), ...looks.map((_, at) => at)])
    // And the other way round: the copy first.
    const turned = [...again, ...looks].map((look, at) => unit(at, look))
    expect(found(turned)).toEqual([...looks.map(() => -1), ...looks.map((_, at) => at)])
  })

  it('are not other pictures, nor pictures that are too flat to tell', () => {
    expect(found(looks.map((look, at) => unit(at, look))).every((of) => of === -1)).toBe(true)
    expect(found([unit(0, null), unit(1, looks[0]!), unit(2, null)])).toEqual([-1, -1, -1])
  })

  it('are not a scene that goes on, and are one that comes back', () => {
    const [here, there] = looks
    const shown = [here, here, here, there, here, here].map((look, at) => unit(at, look!))
    expect(found(shown)).toEqual([-1, -1, -1, -1, 0, 0])
  })

  describe('where seconds lie in other windows the second time', () => {
    const random = randomStream(77)
    const sounds = looks.map(() => ({ vector: [0, 0, 0].map(() => 2 * random.normal()) }))
    /** Windows of two seconds from some second on, each picture with a sound of its own. */
    const film = (from: number, window: number, heard = sounds): UnitInput[] =>
      Array.from({ length: 5 }, (_, at) => {
        const seconds = [from + 2 * at, from + 2 * at + 1]
        const one = unit(window + at, null)
        const moments = seconds.map((second) => heard[second]!)
        const vector = [0, 1, 2].map((axis) => (moments[0]!.vector[axis]! + moments[1]!.vector[axis]!) / 2)
        return {
          ...one,
          picture: { ...one.picture!, looks: seconds.map((second) => looks[second]!) },
          sound: { vector, moments, clearness: 1, clippedShare: 0, speech: 0 },
        }
      })
    const nearOf = (units: readonly UnitInput[]): number[] => [
      ...prepareStars({ ...madeUpTake(1), captions: [], scans: [], units }).nearOf,
    ]

    it('are found but for what was not there', () => {
      expect(nearOf([...film(0, 0), ...film(1, 40)])).toEqual([-1, -1, -1, -1, -1, 0, 1, 2, 3, -1])
    })

    it('are not those that sound otherwise', () => {
      expect(
        nearOf([...film(0, 0), ...film(1, 40, [...sounds.slice(6), ...sounds.slice(0, 6)])]).every((of) => of === -1),
      ).toBe(true)
    })
  })

  it('sound alike where both are heard: people come back to a place to say something else', () => {
    const [here, there] = looks
    const scene = (look: string, sound: number, at: number): UnitInput => unit(at, look, 'camera', sound)
    expect(found([scene(here!, 1, 0), scene(there!, 2, 1), scene(here!, 3, 2)])).toEqual([-1, -1, -1])
    expect(found([scene(here!, 1, 0), scene(there!, 2, 1), scene(here!, 1, 2)])).toEqual([-1, -1, 0])
    expect(found([scene(here!, 1, 0), scene(there!, 2, 1), unit(2, here!)])).toEqual([-1, -1, 0])
  })

  describe.each([
    ['from its own place', (grey: Float64Array) => aside(lookOf(grey)), true],
    ['that is coded anew', (grey: Float64Array) => lookOf(CHANGES['grainy']!(grey)), false],
    ['that is a mirror of the first', (grey: Float64Array) => lookOf(CHANGES['mirrored']!(grey)), false],
  ])('of a second clock %s', (_what, change, isEye) => {
    const left = looks.map((look, at) => unit(at, look, 'left'))
    const right = looks.map((_, at) => unit(at, change(picture(at + 1)), 'right'))

    it(`are ${isEye ? 'not ' : ''}there at the same moment`, () => {
      const again = isEye ? looks.map(() => -1) : looks.map((_, at) => at)
      expect(found([...left, ...right])).toEqual([...looks.map(() => -1), ...again])
    })

    it('are there at other moments', () => {
      const later = right.map((each) => ({ ...each, window: each.window + 40 }))
      expect(found([...left, ...later])).toEqual([...looks.map(() => -1), ...looks.map((_, at) => at)])
    })
  })
})
