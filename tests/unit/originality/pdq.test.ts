import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  DIHEDRAL_FORMS,
  pdqCoefficients,
  pdqDistance,
  pdqForm,
  pdqHash,
  pdqHex,
  pdqQuality,
} from '../../../shared/originality/pdq.ts'
import { areaPicture } from '../../../shared/originality/resample-picture.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'

/** The picture `aaa-orig.jpg` of Meta's reference data, brought to 64x64 grey levels as PDQ describes it. */
const BRIDGE = readFileSync(join(import.meta.dirname, '../../fixtures/originality/bridge-64x64.grey'))
const PUBLISHED = 'f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22'

const hashOf = (grey: ArrayLike<number>, form = 0): Uint32Array => pdqHash(pdqForm(pdqCoefficients(grey), form))
const distance = (a: Uint32Array, b: Uint32Array): number => pdqDistance(a, 0, b, 0, 256)

/** The picture itself turned and mirrored, pixel by pixel. */
function turned(grey: ArrayLike<number>, form: number): Float64Array {
  return Float64Array.from({ length: 64 * 64 }, (_, at) => {
    let [row, column] = [Math.floor(at / 64), at % 64]
    if (form & 1) column = 63 - column
    if (form & 2) row = 63 - row
    if (form & 4) [row, column] = [column, row]
    return grey[row * 64 + column]
  })
}

describe('PDQ', () => {
  it('gives the published hash of the published picture', () => {
    expect(pdqHex(hashOf(BRIDGE))).toBe(PUBLISHED)
    expect(pdqQuality(BRIDGE)).toBe(100)
  })

  it('knows all eight forms of a picture by its coefficients alone', () => {
    for (let form = 0; form < DIHEDRAL_FORMS; form++) {
      expect(distance(hashOf(turned(BRIDGE, form)), hashOf(BRIDGE, form)), `form ${form}`).toBeLessThanOrEqual(4)
      if (form > 0) expect(distance(hashOf(turned(BRIDGE, form)), hashOf(BRIDGE))).toBeGreaterThan(80)
    }
  })

  it('lies near under noise and brightness, far from noise alone; a flat picture has no quality', () => {
    const random = seededRandom(4)
    const noisy = Float64Array.from(BRIDGE, (level) => 0.8 * level + 20 + 6 * random.gaussian())
    expect(distance(hashOf(noisy), hashOf(BRIDGE))).toBeLessThan(24)
    const other = Float64Array.from({ length: 64 * 64 }, () => 255 * random.next())
    expect(distance(hashOf(other), hashOf(BRIDGE))).toBeGreaterThan(90)
    expect(pdqQuality(new Float64Array(64 * 64).fill(90))).toBe(0)
  })

  it('averages areas, also where they do not fall on pixels', () => {
    expect([...areaPicture([0, 2, 4, 6], 2, 2, 1)]).toEqual([3])
    expect([...areaPicture([0, 0, 8, 0, 0, 8, 0, 0, 8], 3, 3, 2)]).toEqual([0, 16 / 3, 0, 16 / 3].map(Math.fround))
    expect([
      ...areaPicture(
        Float64Array.from({ length: 16 }, (_, at) => at),
        4,
        4,
        1,
        0.5,
      ),
    ]).toEqual([7.5])
  })
})
