import { describe, expect, it } from 'vitest'
import { registerScansInWorker } from '../../../electron/engine/align/space/register-in-worker.ts'
import { workerEntry } from '../../../electron/workers/locate.ts'
import { poseDifference } from '../../../shared/geometry/rotation.ts'
import { partialPair, scanOf } from '../../fixtures/space/rooms.ts'
import { furnishedRoom } from '../../fixtures/space/synthetic.ts'

describe('registering in a thread', () => {
  const pair = partialPair(furnishedRoom(12), { seed: 12, kept: 0.85, points: 12_000 })

  it('answers, reports progress and leaves the scans usable', async () => {
    const fractions: number[] = []
    const answer = await registerScansInWorker(pair.target, pair.source, { onProgress: (f) => fractions.push(f) })
    if (!answer.registered) throw new Error(answer.reason)
    expect(poseDifference(answer.targetFromSource, pair.targetFromSource, [0, 0, 0]).metres).toBeLessThan(0.02)
    expect(fractions.length).toBeGreaterThan(2)
    expect(fractions.toSorted((a, b) => a - b)).toEqual(fractions)
    if (pair.source.kind === 'mesh') throw new Error('points expected')
    expect(pair.source.points.positions.length).toBeGreaterThan(0)
  })

  it('is ended by its signal', async () => {
    const stop = new AbortController()
    const running = registerScansInWorker(pair.target, pair.source, { signal: stop.signal })
    setTimeout(() => stop.abort(), 60)
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    await expect(registerScansInWorker(pair.target, pair.source, { signal: stop.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it('brings a refusal back as an answer', async () => {
    const answer = await registerScansInWorker(scanOf(new Float32Array(0)), pair.source)
    expect(answer).toMatchObject({ registered: false, reason: expect.stringContaining('empty') })
  })

  it('is found beside its source', () => {
    expect(workerEntry('space-register').pathname).toMatch(/electron\/workers\/space-register\.ts$/)
  })
})
