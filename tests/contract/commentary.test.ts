import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createEngine } from '../../electron/engine/engine.ts'
import { COMMENTARY_TRACK_ID, takesBySpan } from '../../shared/document/commentary.ts'
import { recordsOf, timeMapId } from '../../shared/document/document.ts'
import type { EngineClient } from '../../shared/contract/client.ts'
import { asEngineError } from '../../shared/contract/client.ts'
import { secondsFromTicks } from '../../shared/units.ts'
import { TRANSPORTS, type Connection } from '../fixtures/contract/transports.ts'

const RATE = 16_000
const PLACEMENT = { offsetSeconds: 2.5, ratePpm: 12, sigmaOffsetSeconds: 0.004, sigmaRatePpm: 3 }

/** A tone; each piece says by its level which one it is. */
function piece(n: number, frames = 4000): string {
  const samples = Float32Array.from({ length: frames }, (_, i) => (0.1 + n * 0.05) * Math.sin(i * 0.3))
  return Buffer.from(samples.buffer).toString('base64')
}

async function openRecorder(client: EngineClient): Promise<{ recorderId: string; end(): void }> {
  const ending = new AbortController()
  const events = await client.commentary.open(undefined, { signal: ending.signal })
  const first = await events.next()
  if (first.done) throw new Error('the recorder did not open')
  return { recorderId: first.value.recorderId, end: () => ending.abort() }
}

const begin = async (client: EngineClient, recorderId: string, endSeconds: number | null = null): Promise<string> => {
  const { recordingId } = await client.commentary.begin({
    recorderId,
    sampleRateHz: RATE,
    channels: 1,
    placement: PLACEMENT,
    span: { startSeconds: 2.5, endSeconds },
    microphone: 'Test microphone',
    title: 'Commentary',
    trackTitle: 'Commentary',
  })
  return recordingId
}

describe('recording commentary', () => {
  let connection: Connection
  const enter = async (transport: keyof typeof TRANSPORTS): Promise<EngineClient> => {
    connection = await TRANSPORTS[transport]!()
    await connection.client.projects.create({ title: 'Spoken' })
    return connection.client
  }
  const folder = (): string => join(`${connection.engine.session.requireProject().path}.media`, 'commentary')
  afterEach(async () => await connection.close())

  test('is on the disk as it is acknowledged, and lies where it was spoken when it is finished', async () => {
    const client = await enter('message port')
    const { recorderId, end } = await openRecorder(client)
    expect(connection.engine.wantsMicrophone()).toBe(true)
    const recordingId = await begin(client, recorderId, 3.25)
    expect(await client.commentary.append({ recordingId, frame: 0, samples: piece(0) })).toEqual({ frames: 4000 })
    // Said twice, kept once; what would leave a hole is refused.
    expect(await client.commentary.append({ recordingId, frame: 0, samples: piece(0) })).toEqual({ frames: 4000 })
    const gap = client.commentary.append({ recordingId, frame: 9000, samples: piece(2) })
    expect(asEngineError(await gap.catch((error: unknown) => error)).code).toBe('conflict')
    for (let n = 1; n < 4; n++) await client.commentary.append({ recordingId, frame: n * 4000, samples: piece(n) })
    const finishing = client.commentary.finish({ recordingId, placement: PLACEMENT })
    // The window goes away while it is finished: it is one take all the same.
    end()
    const kept = await finishing
    expect(kept?.seconds).toBeCloseTo(1, 6)
    const { document } = connection.engine.session
    const map = document.get(timeMapId(`${kept!.assetId}.clock0`))
    expect(map).toMatchObject({ offsetSeconds: 2.5, ratePpm: 12, sigmaOffsetSeconds: 0.004, method: 'recorded' })
    const track = document.get(COMMENTARY_TRACK_ID)
    const [clip] = track?.kind === 'track' ? track.clips : []
    expect(secondsFromTicks(clip!.startTicks)).toBeCloseTo(2.5, 9)
    // Until the out point, though more was recorded.
    expect(secondsFromTicks(clip!.durationTicks)).toBeCloseTo(0.75, 6)
    const [name, ...others] = readdirSync(folder())
    expect(others).toEqual([])
    const bytes = readFileSync(join(folder(), name!))
    expect(bytes.subarray(-16_000).toString('base64')).toBe(piece(3))
    await client.document.undo()
    expect(recordsOf(connection.engine.session.document, 'commentaryTake')).toEqual([])
    await client.document.redo()
    expect(recordsOf(connection.engine.session.document, 'commentaryTake')).toHaveLength(1)
    await expect.poll(() => connection.engine.wantsMicrophone()).toBe(false)
    expect(asEngineError(await begin(client, recorderId).catch((error: unknown) => error)).code).toBe('conflict')
  })

  test('what a window leaves behind that goes away is a take', async () => {
    const client = await enter('web socket')
    const { recorderId } = await openRecorder(client)
    const recordingId = await begin(client, recorderId)
    await client.commentary.append({ recordingId, frame: 0, samples: piece(0) })
    await connection.engine.session.tools()
    connection.drop()
    await expect
      .poll(() => recordsOf(connection.engine.session.document, 'commentaryTake'), { timeout: 20_000 })
      .toMatchObject([{ interrupted: true, microphone: 'Test microphone' }])
    expect(connection.engine.wantsMicrophone()).toBe(false)
  })

  test('what an engine leaves behind that was killed is a take of the next one, once; attempts of a span stay', async () => {
    const client = await enter('direct call')
    const { recorderId } = await openRecorder(client)
    const recordingId = await begin(client, recorderId)
    await client.commentary.append({ recordingId, frame: 0, samples: piece(0) })
    const path = connection.engine.session.requireProject().path
    // As a crash leaves it: the project closed under it, and half a sample written after what was acknowledged.
    await client.projects.close()
    const [part] = readdirSync(`${path}.media/commentary`).filter((name) => name.endsWith('.part'))
    appendFileSync(join(`${path}.media/commentary`, part!), 'ab')
    // Another whose head cannot be read holds nothing up, and stays.
    writeFileSync(join(`${path}.media/commentary`, 'commentary-0.json'), '{')
    const next = await createEngine({ home: connection.home, resumeJobs: false, host: {} })
    await next.session.openProject(path)
    expect(await next.client.commentary.recover()).toMatchObject([{ seconds: 0.25 }])
    expect(await next.client.commentary.recover()).toEqual([])
    expect(readdirSync(`${path}.media/commentary`).filter((name) => name !== 'commentary-0.json')).toHaveLength(1)
    const second = await openRecorder(next.client)
    const again = await begin(next.client, second.recorderId)
    await next.client.commentary.append({ recordingId: again, frame: 0, samples: piece(1) })
    await next.client.commentary.finish({ recordingId: again, placement: PLACEMENT })
    const [group, ...rest] = takesBySpan(next.session.document)
    expect(rest).toEqual([])
    expect(group!.map(({ take, isHeard }) => [take.number, isHeard])).toEqual([
      [1, false],
      [2, true],
    ])
    const third = await begin(next.client, second.recorderId)
    expect(await next.client.commentary.discard({ recordingId: third })).toEqual({ discarded: true })
    expect(existsSync(join(`${path}.media/commentary`, `${third}.wav.part`))).toBe(false)
    await next.close()
  })
})
