import { describe, expect, test } from 'vitest'
import { nearestFrame } from '../../electron/engine/assets/depth-at.ts'
import type { DepthFrame } from '../../shared/geometry/data.ts'

function frame(seconds: number): DepthFrame {
  const intrinsics = { width: 1, height: 1, fx: 1, fy: 1, cx: 0, cy: 0 }
  return {
    width: 1,
    height: 1,
    depthMetres: new Float32Array(1),
    intrinsics,
    timeNanoseconds: BigInt(Math.round(seconds * 1e9)),
  }
}

/** Asks for a moment of pictures at these times. @returns the time that came, and how many were read for it */
async function ask(times: readonly number[], seconds: number): Promise<{ came: number; read: number }> {
  let read = 0
  const stream = {
    startSeconds: times[0]!,
    durationSeconds: times.at(-1)! - times[0]!,
    sampleCount: times.length,
  }
  const found = await nearestFrame(stream, seconds, (index) => {
    read += 1
    return Promise.resolve(frame(times[index]!))
  })
  return { came: Number(found.timeNanoseconds) / 1e9, read }
}

describe('the depth picture at a moment', () => {
  const even = Array.from({ length: 300 }, (_, n) => 100 + n / 30)

  test.each([100, 101.234, 105, 109.96])('of an even row at %d s: the nearest, in two readings at most', async (at) => {
    const { came, read } = await ask(even, at)
    expect(Math.abs(came - at)).toBeLessThanOrEqual(1 / 60 + 1e-6)
    expect(read).toBeLessThanOrEqual(2)
  })

  test('before the first and behind the last there is the first and the last', async () => {
    expect((await ask(even, 3)).came).toBeCloseTo(100, 6)
    expect((await ask(even, 300)).came).toBeCloseTo(even.at(-1)!, 6)
  })

  test('of a row with a hole: close by, in few readings', async () => {
    const holed = even.filter((time) => time < 103 || time > 105)
    const { came, read } = await ask(holed, 107)
    expect(Math.abs(came - 107)).toBeLessThan(0.2)
    expect(read).toBeLessThanOrEqual(6)
  })

  test('one picture is the answer to everything', async () => {
    expect(await ask([7], 12)).toEqual({ came: 7, read: 1 })
  })
})
