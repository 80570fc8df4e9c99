/** Takes whose truth is known, aligned and judged one at a time: what `time.bench.ts` spreads over the cores. */
import { alignAudio } from '../../shared/signal/align-audio.ts'
import { alignMotion } from '../../shared/signal/align-motion.ts'
import { rotationRateOfImu, rotationRateOfPath, type TimedValues } from '../../shared/signal/rotation-rate.ts'
import { gyroscope, handHeld, tracker } from '../fixtures/time/motion.ts'
import { SeededRandom } from '../fixtures/time/random.ts'
import { recordScene, type Microphone, type Scene } from '../fixtures/time/scene.ts'
import { electronicLike, musicLike, noise, speechLike } from '../fixtures/time/sources.ts'
import { judge, type Judged, type MeasuredLine } from './time-judging.ts'

const RATE = 16_000

export type Take =
  | { readonly what: 'voice'; readonly seed: number; readonly seconds: number; readonly leastOverlap: number }
  | { readonly what: 'loop'; readonly seed: number; readonly loop: keyof typeof LOOPS }
  | { readonly what: 'kit'; readonly seed: number; readonly shared: boolean }
  | { readonly what: 'motion'; readonly seed: number; readonly sensors: keyof typeof SENSORS }
  | { readonly what: 'unrelated'; readonly seed: number; readonly pair: keyof typeof PAIRS }

/** What came of it: null where no answer was given. */
export async function perform(take: Take): Promise<Judged | null> {
  if (take.what === 'voice') return await voice(take.seed, take.seconds, take.leastOverlap)
  if (take.what === 'loop') return await loop(take.seed, take.loop)
  if (take.what === 'kit') return await kit(take.seed, take.shared)
  if (take.what === 'motion') return await motion(take.seed, take.sensors)
  return await unrelated(take.seed, take.pair)
}

async function heard(a: Float32Array, b: Float32Array, truth: MeasuredLine): Promise<Judged | null> {
  const answer = await alignAudio(a, b, RATE)
  return answer.aligned ? judge(answer, truth, a.length / RATE, b.length / RATE) : null
}

/** From a studio's to one with a wind cut in a dull housing. */
const microphone = (random: SeededRandom): Microphone => ({
  lowCutHz: random.between(20, 200),
  highCutHz: random.between(4000, 7800),
})

/** A voice in two rooms with everything drawn by chance over the range that is promised. */
async function voice(seed: number, seconds: number, leastOverlap: number): Promise<Judged | null> {
  const random = new SeededRandom(seed * 101)
  const overlap = Math.max(leastOverlap, seconds * random.between(0.3, 1))
  const late = seconds - overlap + random.next() * 0.01
  const swap = random.next() < 0.5
  const take = await recordScene({
    seed,
    sampleRateHz: RATE,
    source: speechLike(2 * seconds + 2, RATE, seed),
    aStartSeconds: swap ? late : 0,
    aSeconds: seconds,
    bStartSeconds: swap ? 0 : late,
    bSeconds: seconds,
    ratePpm: random.between(-200, 200),
    snrDb: random.between(-5, 30),
    reverberationSeconds: random.next() < 0.2 ? 0 : random.between(0.1, 1),
    directToReverberantDb: random.between(-3, 10),
    invert: random.next() < 0.3,
    clipAt: random.next() < 0.2 ? 1.2 : undefined,
    noiseColour: random.next(),
    microphones: [microphone(random), microphone(random)],
  })
  return await heard(take.a, take.b, take)
}

/** How loud the voice is against its range, and whether both recordings hold the same voice. */
export const LOOPS = {
  'voice 8 to 16 dB under a loop': [1, true],
  'a loop alone': [0, true],
  'one loop, two voices': [1, false],
} as const

/** A loop far louder than the voice under it: which turn is it? */
async function loop(seed: number, name: keyof typeof LOOPS): Promise<Judged | null> {
  const [level, shared] = LOOPS[name]
  const random = new SeededRandom(seed * 13)
  const bar = musicLike(random.between(2.5, 6), RATE, seed)
  const seconds = random.between(20, 40)
  const loud = level * random.between(0.15, 0.4)
  const record = async (words: number): Promise<Scene> =>
    await recordScene({
      seed,
      sampleRateHz: RATE,
      source: speechLike(2 * seconds + 4, RATE, words).map((value, index) => bar[index % bar.length]! + loud * value),
      aSeconds: seconds,
      bStartSeconds: seconds * 0.3,
      bSeconds: seconds,
      ratePpm: 40,
      snrDb: 15,
      reverberationSeconds: 0.3,
      directToReverberantDb: 3,
    })
  const one = await record(seed + 7)
  const two = shared ? one : await record(seed + 70_007)
  return await heard(one.a, two.b, one)
}

/** Short pieces, where few turns of the drums can be compared: one piece heard twice, or two that share their drums. */
async function kit(seed: number, shared: boolean): Promise<Judged | null> {
  const random = new SeededRandom(seed * 17)
  const sounds = 1 + (seed % 7)
  if (!shared) {
    const seconds = Math.round(random.between(5, 9))
    const pieces = [seed, seed + 1e6].map((each) => electronicLike(seconds, RATE, each, sounds))
    return await heard(pieces[0]!, pieces[1]!, { offsetSeconds: 0, ratePpm: 0 })
  }
  const seconds = random.between(8, 20)
  const take = await recordScene({
    seed,
    sampleRateHz: RATE,
    source: electronicLike(2 * seconds + 2, RATE, seed, sounds),
    aSeconds: seconds,
    bStartSeconds: seconds * random.between(0.1, 0.4),
    bSeconds: seconds,
    ratePpm: random.between(-60, 60),
    snrDb: random.between(5, 25),
    reverberationSeconds: 0.3,
    directToReverberantDb: 3,
  })
  return await heard(take.a, take.b, take)
}

/** Two recordings that have nothing to do with each other. */
export const PAIRS = {
  'two voices': (seed, seconds) => [speechLike(seconds, RATE, seed), speechLike(seconds, RATE, seed + 1e6)],
  'one speaker twice': (seed, seconds) => [
    speechLike(seconds, RATE, seed, seed),
    speechLike(seconds, RATE, seed + 1e6, seed),
  ],
  'two pieces at one tempo': (seed, seconds) => [musicLike(seconds, RATE, seed), musicLike(seconds, RATE, seed + 1e6)],
  'two pieces with one drum kit': (seed, seconds) => [
    electronicLike(seconds, RATE, seed, 3),
    electronicLike(seconds, RATE, seed + 1e6, 3),
  ],
  'two noises': (seed, seconds) => [noise(seconds * RATE, seed, 0.6), noise(seconds * RATE, seed + 1e6, 0.6)],
  'voice and silence': (seed, seconds) => [
    speechLike(seconds, RATE, seed),
    noise(seconds * RATE, seed, 1).map((value) => value * 1e-4),
  ],
} satisfies Record<string, (seed: number, seconds: number) => [Float32Array, Float32Array]>

async function unrelated(seed: number, pair: keyof typeof PAIRS): Promise<Judged | null> {
  const seconds = Math.round(new SeededRandom(seed).between(5, 20))
  const [a, b] = PAIRS[pair](seed, seconds)
  return await heard(a, b, { offsetSeconds: 0, ratePpm: 0 })
}

const MOTION_SECONDS = 120
const sensor = (rateHz: number, startSeconds: number, ratePpm: number, seed: number) => ({
  rateHz,
  startSeconds,
  seconds: MOTION_SECONDS,
  ratePpm,
  seed,
})
const path = (seed: number, hz: number, late: number, ppm: number): TimedValues =>
  rotationRateOfPath(tracker(handHeld(seed), { ...sensor(hz, late, ppm, seed + 1), noise: 5e-4 }))
function gyro(seed: number, hz: number, late: number, ppm: number): TimedValues {
  const rate = rotationRateOfImu(gyroscope(handHeld(seed), { ...sensor(hz, late, ppm, seed + hz), noise: 0.02 }))
  if (!rate) throw new Error('the fixture holds no rotation')
  return rate
}

export const SENSORS = {
  'gyroscopes 200 and 100 Hz': (seed, late, ppm) => [gyro(seed, 200, 0, 0), gyro(seed, 100, late, ppm)],
  'gyroscope 200, poses 60 Hz': (seed, late, ppm) => [gyro(seed, 200, 0, 0), path(seed, 60, late, ppm)],
  'poses 30 and 60 Hz': (seed, late, ppm) => [path(seed, 30, 0, 0), path(seed, 60, late, ppm)],
} satisfies Record<string, (seed: number, late: number, ppm: number) => [TimedValues, TimedValues]>

async function motion(seed: number, name: keyof typeof SENSORS): Promise<Judged | null> {
  const random = new SeededRandom(seed)
  const offsetSeconds = random.between(5, 40)
  const ratePpm = random.between(-100, 100)
  const answer = await alignMotion(...SENSORS[name](seed, offsetSeconds, ratePpm))
  return answer.aligned ? judge(answer, { offsetSeconds, ratePpm }, MOTION_SECONDS, MOTION_SECONDS) : null
}
