/** Claps that one device hears and another sees: the drawn picture against the moments that were heard. */
import { eventGatherer } from '../../electron/engine/align/time/events.ts'
import type { MeasuredTimeMap, TimedSource } from '../../electron/engine/align/time/gatherer.ts'
import { SeenEvents } from '../../shared/signal/seen-claps.ts'
import { soundSamples } from '../../shared/signal/sound-samples.ts'
import { clappingPicture } from '../fixtures/time/clapping-picture.ts'
import { SeededRandom } from '../fixtures/time/random.ts'

const RATE = 16_000
const SOUND_SPEED = 343
const FRAME_RATES = [24, 25, 30, 50, 60]

export interface ClappedTake {
  /** Error of the offset in the middle of the claps (s), and in its own sigma; null where it was refused. */
  readonly own: { readonly error: number; readonly sigmas: number } | null
  readonly answersStranger: boolean
}

function recording(clockId: string, durationSeconds: number, rest: Partial<TimedSource>): TimedSource {
  return {
    clockId,
    title: clockId,
    epochUtcNanoseconds: null,
    timecode: null,
    startSeconds: 0,
    durationSeconds,
    ...rest,
  }
}

function clapsFrom(random: SeededRandom): number[] {
  const claps = [random.between(2, 4)]
  while (claps.length < 5) claps.push(claps.at(-1)! + random.between(1.2, 4))
  return claps
}

function heard(claps: readonly number[], seconds: number, random: SeededRandom): TimedSource {
  const samples = Float32Array.from({ length: Math.ceil(seconds * RATE) }, () => 0.003 * random.normal())
  for (const clap of claps) {
    const first = Math.round(clap * RATE)
    for (let index = 0; index < 0.1 * RATE && first + index < samples.length; index++) {
      samples[first + index]! += 0.5 * random.normal() * Math.exp(-index / (0.015 * RATE))
    }
  }
  return recording('recorder', seconds, {
    loadSound: async () => ({ samples: soundSamples(samples), sampleRateHz: RATE, startSeconds: 0 }),
  })
}

function seen(claps: readonly number[], seconds: number, seed: number, random: SeededRandom): TimedSource {
  const frameRateHz = FRAME_RATES[Math.floor(random.next() * FRAME_RATES.length)]!
  const events = new SeenEvents()
  const exposure = random.between(0, 0.9)
  const times = clappingPicture({ seed, claps, seconds, frameRateHz, exposure }, (pixels) => events.push(pixels))
  return recording('camera', seconds, { loadSeen: async () => events.read(times) })
}

export async function perform(seed: number): Promise<ClappedTake> {
  const random = new SeededRandom(seed)
  const claps = clapsFrom(random)
  const seconds = claps.at(-1)! + 2
  const offset = random.between(-1.5, 1.5)
  const travel = random.between(0.3, 4) / SOUND_SPEED
  const recorder = heard(
    claps.map((clap) => clap + offset + travel),
    seconds + 2,
    random,
  )
  const camera = seen(claps, seconds, seed, random)
  const context = { signal: new AbortController().signal, isSure: false }
  const answer = await eventGatherer.gather(recorder, camera, context)
  const stranger = await eventGatherer.gather(heard(clapsFrom(random), 20, random), camera, context)
  return { own: answer.found ? judged(answer, offset, claps) : null, answersStranger: stranger.found }
}

function judged(answer: MeasuredTimeMap, offset: number, claps: readonly number[]): ClappedTake['own'] {
  const middle = (claps.reduce((sum, clap) => sum + clap, 0) / claps.length) * 1e-6
  const [oo, or, rr] = answer.covariance
  const error = answer.offsetSeconds - offset + answer.ratePpm * middle
  return { error, sigmas: error / Math.sqrt(oo + 2 * middle * or + middle * middle * rr) }
}
