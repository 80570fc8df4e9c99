import { describe, expect, test } from 'vitest'
import type { Sidecar, TimedSource } from '../../../electron/engine/align/time/gatherer.ts'
import { timecodeGatherer } from '../../../electron/engine/align/time/timecode.ts'

const context = { signal: new AbortController().signal, isSure: false }
const utc = (text: string) => String(BigInt(Date.parse(text)) * 1_000_000n)

const source = (name: string, folder: string, durationSeconds: number, rest: Partial<TimedSource>): TimedSource => ({
  clockId: `${folder}/${name}`,
  title: name,
  epochUtcNanoseconds: null,
  timecode: null,
  startSeconds: 0,
  durationSeconds,
  file: { name, folder },
  ...rest,
})
const film = (name = 'DJI_0042.MP4', folder = '/card', seconds = 60, rest: Partial<TimedSource> = {}) =>
  source(name, folder, seconds, { loadSeen: async () => ({ lights: [], claps: [] }) as never, ...rest })
const beside = (
  name: string,
  sidecar: Sidecar,
  { folder = '/card', startSeconds = 0, epochUtcNanoseconds = null as string | null } = {},
) => source(name, folder, sidecar.lengthSeconds, { sidecar, startSeconds, epochUtcNanoseconds })
const captionsOf = (lengthSeconds: number, stepSeconds = 1 / 30): Sidecar => ({
  countsFromFilm: true,
  lengthSeconds,
  stepSeconds,
})
const trackOf = (lengthSeconds: number, stepSeconds = 1): Sidecar => ({
  countsFromFilm: false,
  lengthSeconds,
  stepSeconds,
})

async function placed(a: TimedSource, b: TimedSource) {
  expect(timecodeGatherer.supports(a, b)).toBe(true)
  const map = await timecodeGatherer.gather(a, b, context)
  if (!map.found) throw new Error(map.reason)
  return { ...map, sigma: Math.sqrt(map.covariance[0]) }
}

describe('what lies beside a film under its name', () => {
  test('captions lie on the film but for what one of them stands for', async () => {
    // A film whose packets begin late, as in a transport stream.
    const late = film('DJI_0042.MP4', '/card', 60, { startSeconds: 1.4 })
    for (const [step, sigma] of [
      [1 / 30, 0.0096],
      [1, 0.289],
    ] as const) {
      const there = await placed(late, beside('dji_0042.srt', captionsOf(60, step)))
      expect(there.offsetSeconds).toBe(1.4)
      expect(there.sigma).toBeCloseTo(sigma, 3)
      expect(there.confidence).toBeGreaterThan(0.95)
      const back = await placed(beside('dji_0042.srt', captionsOf(60, step)), late)
      expect(back.offsetSeconds).toBe(-1.4)
    }
    // What is missing at its end makes its times less sure.
    const cut = await placed(film(), beside('DJI_0042.srt', captionsOf(59.6)))
    expect(cut.sigma).toBeGreaterThan(0.1)
  })

  test('a track of that length began with the film, wherever its own clock stands then', async () => {
    const track = beside('DJI_0042.MP4.gpx', trackOf(59), { startSeconds: 12.5 })
    const map = await placed(film(), track)
    expect(map.offsetSeconds + 12.5).toBe(0.5)
    expect(map.sigma).toBeGreaterThan(0.5)
    // Less than anything that is measured.
    expect(map.confidence).toBeLessThan(0.75)
    // Sampled ever so often, it still was begun by hand.
    expect((await placed(film(), beside('DJI_0042.csv', trackOf(60, 0.01)))).sigma).toBeGreaterThan(0.4)
  })

  test('of another length it goes by the name only', async () => {
    for (const other of [
      beside('DJI_0042.SRT', captionsOf(61)),
      beside('DJI_0042.SRT', captionsOf(58, 1)),
      beside('DJI_0042.gpx', trackOf(66)),
      // So few samples that nothing is known of where it ends.
      beside('DJI_0042.gpx', trackOf(60, 20)),
    ]) {
      const refused = await timecodeGatherer.gather(film(), other, context)
      expect(refused).toMatchObject({ found: false, said: { code: 'time.sidecarLength' } })
    }
    const refused = await timecodeGatherer.gather(film(), beside('DJI_0042.SRT', captionsOf(61)), context)
    if (refused.found) throw new Error('placed')
    expect(refused.reason).toContain('lasts 61.0 s where that lasts 60.0 s')
  })

  test('names that differ, films and strangers say nothing', () => {
    expect(timecodeGatherer.supports(film(), beside('DJI_0043.SRT', captionsOf(60)))).toBe(false)
    expect(timecodeGatherer.supports(film(), film('DJI_0042.LRF'))).toBe(false)
    expect(timecodeGatherer.supports(beside('DJI_0042.gpx', trackOf(60)), beside('DJI_0042.SRT', captionsOf(60)))).toBe(
      false,
    )
    expect(timecodeGatherer.supports(film(), { ...beside('', captionsOf(60)), file: undefined })).toBe(false)
  })

  test('in another folder it is believed less, and not at all against the dates of both', async () => {
    const elsewhere = { folder: '/tracks' }
    expect((await placed(film(), beside('DJI_0042.SRT', captionsOf(60), elsewhere))).confidence).toBeLessThan(0.95)
    const dated = (text: string) => film('DJI_0042.MP4', '/card', 60, { epochUtcNanoseconds: utc(text) })
    const flown = beside('DJI_0042.SRT', captionsOf(60), { epochUtcNanoseconds: utc('2025-06-14T23:59:52Z') })
    // Two hours are the pilot's zone, a month is another flight.
    expect((await placed(dated('2025-06-14T21:59:55Z'), flown)).offsetSeconds).toBe(0)
    const other = await timecodeGatherer.gather(dated('2025-07-14T21:59:55Z'), flown, context)
    expect(other).toMatchObject({ found: false, said: { code: 'time.codeAgainstDay' } })
  })
})
