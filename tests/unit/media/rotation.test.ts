import { describe, expect, test } from 'vitest'
import { turnOfOrientation } from '../../../electron/engine/import/media/exif.ts'
import { normalizeDegrees, rotationFromMatrix } from '../../../electron/engine/media/ffprobe-answer.ts'

/** The 3 x 3 display matrix of a clockwise turn, as phones write it: 16.16 fixed point, row by row. */
function turn(degrees: number): number[] {
  const cos = Math.round(Math.cos((degrees * Math.PI) / 180) * 65_536)
  const sin = Math.round(Math.sin((degrees * Math.PI) / 180) * 65_536)
  return [cos, sin, 0, -sin, cos, 0, 0, 0, 1 << 30]
}

describe('the display matrix', () => {
  test.each([0, 90, 180, 270])('of a turn by %i degrees clockwise', (degrees) => {
    expect(rotationFromMatrix(turn(degrees))).toEqual({ rotationDegrees: degrees, isMirrored: false })
  })

  test('as an iPhone held upright writes it', () => {
    const matrix = [0, 65_536, 0, -65_536, 0, 0, 70_778_880, 0, 1 << 30]
    expect(rotationFromMatrix(matrix)).toEqual({ rotationDegrees: 90, isMirrored: false })
  })

  test('of a mirror', () => {
    expect(rotationFromMatrix([65_536, 0, 0, 0, -65_536, 0, 0, 0, 1 << 30])?.isMirrored).toBe(true)
  })

  test.each([[[]], [[0, 0, 0, 0, 0]], [[Number.NaN, 1, 1, 1, 1]]])('that is none: %j', (matrix) => {
    expect(rotationFromMatrix(matrix)).toBeNull()
  })

  test('degrees come out between 0 and 360', () => {
    expect([-90, 450, -360, 359.6, 0].map(normalizeDegrees)).toEqual([270, 90, 0, 0, 0])
  })
})

describe('the orientation of Exif', () => {
  /** Where the standard says row 0 and column 0 of the stored picture appear: the two sides that meet in its corner. */
  const CORNERS: Readonly<Record<number, readonly [row0: string, column0: string]>> = {
    1: ['top', 'left'],
    2: ['top', 'right'],
    3: ['bottom', 'right'],
    4: ['bottom', 'left'],
    5: ['left', 'top'],
    6: ['right', 'top'],
    7: ['right', 'bottom'],
    8: ['left', 'bottom'],
  }
  const CLOCKWISE = ['top', 'right', 'bottom', 'left']

  test.each(Object.entries(CORNERS))('%s', (orientation, [row0, column0]) => {
    const { rotationDegrees, isMirrored } = turnOfOrientation(Number(orientation))
    // Mirrored first, then turned: follow the stored top and left sides through both.
    const turned = (side: string): string => CLOCKWISE[(CLOCKWISE.indexOf(side) + rotationDegrees / 90) % 4]
    expect(turned('top')).toBe(row0)
    expect(turned(isMirrored ? 'right' : 'left')).toBe(column0)
  })
})
