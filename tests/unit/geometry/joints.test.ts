import { expect, test } from 'vitest'
import { correctedJoints } from '../../../shared/geometry/path-correction.ts'
import {
  decodeJoints,
  encodeJoints,
  longestGap,
  placeJoints,
  type JointFrames,
} from '../../../shared/geometry/joints.ts'

/** Two joints of a hand that goes along X at a metre a second, not seen from 0.2 to 1 s. */
const TIMES = [0, 0.1, 0.2, 1, 1.1]
const frames: JointFrames = {
  count: TIMES.length,
  jointCount: 2,
  timesNanoseconds: BigInt64Array.from(TIMES, (seconds) => BigInt(Math.round(seconds * 1e9))),
  positions: Float32Array.from(TIMES.flatMap((seconds) => [seconds, 0, 0, seconds, 1, 0])),
  bones: [[0, 1]],
}

test('what the engine sends arrives as it was, and what is no such thing is refused', () => {
  const blob = decodeJoints(encodeJoints(frames).buffer)
  expect([...blob.seconds]).toEqual(TIMES)
  expect([...blob.positions]).toEqual([...frames.positions])
  expect(blob.bones).toEqual([[0, 1]])
  const bytes = encodeJoints(frames)
  expect(() => decodeJoints(bytes.slice(0, -1).buffer)).toThrow('malformed')
  expect(() => decodeJoints(new Uint8Array(bytes.length).buffer)).toThrow('malformed')
  expect(() => decodeJoints(new ArrayBuffer(3))).toThrow('malformed')
})

test('joints are between their samples, and nowhere while nobody saw them', () => {
  const blob = decodeJoints(encodeJoints(frames).buffer)
  const into = new Float32Array(6)
  const at = (seconds: number): number | null => (placeJoints(blob, seconds, 0.25, into) ? into[3]! : null)
  expect(at(0.15)).toBeCloseTo(0.15, 6)
  expect(into[4]).toBe(1)
  expect(at(1.1)).toBeCloseTo(1.1, 6)
  expect(at(0.5)).toBeNull()
  expect([at(-0.1), at(1.2)]).toEqual([null, null])
})

test('hands go along with the path of the device that saw them', () => {
  const moved = (x: number) => [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, 0, 0, 1]
  const knots = [
    { clockSeconds: 0, correctedFromRecorded: moved(0) },
    { clockSeconds: 1, correctedFromRecorded: moved(0.5) },
  ]
  const { positions } = correctedJoints(frames, knots)
  // At 0.2 s a fifth of what drifted by 1 s; both joints of the sample alike.
  expect(positions[12]).toBeCloseTo(0.2 + 0.1, 6)
  expect(positions[15]).toBeCloseTo(0.2 + 0.1, 6)
})

test('the longest gap follows how often samples were taken', () => {
  expect(longestGap(Float64Array.from([0, 0.01, 0.02]))).toBe(0.25)
  expect(longestGap(Float64Array.from([0, 1, 2]))).toBe(4)
  expect(longestGap(new Float64Array())).toBe(0.25)
})
