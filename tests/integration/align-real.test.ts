import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runJob } from '../../shared/contract/client.ts'
import type { SyncFilesAnswer } from '../../shared/contract/answers.ts'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { debianSamples } from '../fixtures/media/debian-samples.ts'

/** One talk in four encodings, a phone's video, and speech of other people: recordings that nobody made for this. */
describe('real recordings', () => {
  let home: string
  let engine: Engine
  let talk: Record<'mp4' | 'avi' | 'mpeg' | 'ogg', string>
  let speech: string

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'asterism-real-'))
    engine = await createEngine({ home, resumeJobs: false, host: {} })
    const { directory, files } = await debianSamples()
    const find = (ending: string): string => {
      const found = files.find((file) => file.endsWith(ending))
      if (!found) throw new Error(`Debian's samples hold no ${ending}`)
      return join(directory, found)
    }
    talk = {
      mp4: find('movie-hello.mp4'),
      avi: find('movie-hello.avi'),
      mpeg: find('movie-hello.mpeg'),
      ogg: find('movie-hello.ogg'),
    }
    speech = find('debian.wav')
  })
  afterAll(async () => {
    await engine.close()
    rmSync(home, { recursive: true, force: true })
  })

  const sync = async (a: string, b: string): Promise<SyncFilesAnswer> =>
    await runJob(engine.client, 'syncFiles', { a: engine.grantFile(a), b: engine.grantFile(b), method: 'audio' })

  const offsetOf = (answer: SyncFilesAnswer): number => {
    if ('unsynced' in answer) throw new Error(answer.unsynced.reason)
    return answer.offset_s
  }

  test('the four encodings of one talk lie on one another, consistently round every cycle', async () => {
    const kinds = ['mp4', 'avi', 'mpeg', 'ogg'] as const
    const offsets = new Map<string, number>()
    for (const a of kinds)
      for (const b of kinds) if (a < b) offsets.set(`${a} ${b}`, offsetOf(await sync(talk[a], talk[b])))
    for (const offset of offsets.values()) expect(Math.abs(offset)).toBeLessThan(0.5)
    for (const [a, b, c] of [
      ['avi', 'mp4', 'mpeg'],
      ['avi', 'mp4', 'ogg'],
      ['mp4', 'mpeg', 'ogg'],
    ] as const) {
      const round = offsets.get(`${a} ${b}`)! + offsets.get(`${b} ${c}`)! - offsets.get(`${a} ${c}`)!
      expect(Math.abs(round), `${a} ${b} ${c}`).toBeLessThan(2e-3)
    }
  })

  test('swapping the two inverts the answer', async () => {
    expect(offsetOf(await sync(talk.mp4, talk.avi))).toBeCloseTo(-offsetOf(await sync(talk.avi, talk.mp4)), 3)
  })

  test("another person's speech is refused with the reason", async () => {
    const answer = await sync(talk.mp4, speech)
    expect(answer).toHaveProperty('unsynced.reason')
  })
})
