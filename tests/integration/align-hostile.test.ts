import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { writeFloatWave } from '../../electron/engine/media/wave-file.ts'
import type { SyncFilesAnswer } from '../../shared/contract/answers.ts'
import { runJob } from '../../shared/contract/client.ts'
import { makeClip } from '../fixtures/media/clips.ts'
import { sampleAt } from '../fixtures/time/scene.ts'
import { speechLike } from '../fixtures/time/sources.ts'

const RATE = 48_000
const LATE = 2.25

/** What people and programs hand over: an answer that is right, or a refusal with its reason; never a crash, never a guess. */
describe('files that nobody would align', () => {
  let home: string
  let engine: Engine
  let reference: string
  const voice = speechLike(14, RATE, 23).map((value) => value * 0.08)
  const later = voice.subarray(LATE * RATE, (LATE + 10) * RATE)

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'asterism-hostile-'))
    engine = await createEngine({ home, resumeJobs: false, host: {} })
    reference = await wave('reference.wav', voice.subarray(0, 12 * RATE))
  })
  afterAll(async () => {
    await engine.close()
    rmSync(home, { recursive: true, force: true })
  })

  async function wave(name: string, samples: Float32Array, sampleRateHz = RATE): Promise<string> {
    const path = join(home, name)
    await writeFloatWave(path, { sampleRateHz, channels: 1 }, (write) => write(samples))
    return path
  }

  const sync = async (b: string): Promise<SyncFilesAnswer> =>
    await runJob(engine.client, 'syncFiles', {
      a: engine.grantFile(reference),
      b: engine.grantFile(b),
      method: 'auto',
    })

  test.each([
    ['8 kHz of 8 bit', ['-ar', '8000', '-c:a', 'pcm_u8'], 1e-3],
    ['192 kHz of float', ['-ar', '192000', '-c:a', 'pcm_f32le'], 1e-4],
  ] as const)('%s is placed', async (name, options, tolerance) => {
    const path = await wave('later.wav', later)
    const answer = await sync(await makeClip(home, `${name}.wav`, '-i', path, ...options))
    if ('unsynced' in answer) throw new Error(answer.unsynced.reason)
    expect(Math.abs(answer.offset_s - LATE)).toBeLessThan(tolerance)
    expect(answer.confidence).toBeGreaterThan(0.9)
  })

  test('what was cut is placed by what is left, with the cut as a step', async () => {
    const cut = new Float32Array(later.length - 2 * RATE)
    cut.set(later.subarray(0, 5 * RATE))
    cut.set(later.subarray(7 * RATE), 5 * RATE)
    const answer = await sync(await wave('cut.wav', cut))
    if ('unsynced' in answer) throw new Error(answer.unsynced.reason)
    const places = [LATE, LATE + 2].map((place) => Math.abs(answer.offset_s - place))
    expect(Math.min(...places)).toBeLessThan(1e-3)
  })

  test.each([
    ['pitched up', () => sampleAt(later, RATE, Math.floor(later.length / 1.19), 0, 1.19)],
    ['backwards', () => later.slice().reverse()],
    ['not numbers', () => new Float32Array(10 * RATE).fill(Number.NaN)],
    ['silent', () => new Float32Array(10 * RATE)],
    ['one sample', () => new Float32Array([0.5])],
  ] satisfies [string, () => Float32Array][])('%s is refused with its reason', async (name, make) => {
    const answer = await sync(await wave(`${name}.wav`, make()))
    if (!('unsynced' in answer)) throw new Error(`answered: ${answer.offset_s} s with ${answer.confidence}`)
    expect(answer.unsynced.reason).toMatch(/\w.*[.]/)
  })

  test.each([
    ['empty', Buffer.alloc(0)],
    ['a header and nothing behind it', Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1')],
  ])('%s is a clear failure', async (name, bytes) => {
    const path = join(home, `${name}.wav`)
    writeFileSync(path, bytes)
    await expect(sync(path)).rejects.toMatchObject({
      code: expect.stringMatching(/corrupt_file|empty_file|unsupported_format|bad_input/),
    })
  })
})
