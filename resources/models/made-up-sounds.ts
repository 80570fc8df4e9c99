/**
 * Sounds to learn from that belong to nobody: sentences of espeak-ng in many voices, melodies of made-up instruments, and
 * machines, weather, clicks and calls out of filtered noise. Three seconds each, mono, 16 kHz.
 */
import { spawnSync } from 'node:child_process'
import { randomStream, type RandomStream } from '../../shared/stars/algebra/random.ts'

export const SOUND_HZ = 16_000
export const SOUND_SAMPLES = 3 * SOUND_HZ

const LANGUAGES = 'en-us en-gb de fr es it pt ru pl nl sv da fi hu tr el ro cs id sw'.split(' ')
const VARIANTS = ['', ...'m1 m2 m3 m4 m5 m7 f1 f2 f3 f4 f5 croak whisper'.split(' ').map((name) => `+${name}`)]
const WORDS =
  'water stone river morning green little house open under seven yellow carry because winter engine paper garden music many never table orange picture silver question market kitchen window number people bridge colour summer letter forest machine'.split(
    ' ',
  )

export function between(random: RandomStream, low: number, high: number): number {
  return low + (high - low) * random.next()
}

function pick<T>(random: RandomStream, of: readonly T[]): T {
  return of[random.below(of.length)]
}

/** Loudest sample at one half. */
function levelled(samples: Float64Array): Float64Array {
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9)
  return samples.map((value) => (value * 0.5) / peak)
}

/** @throws Error where espeak-ng or ffmpeg is missing. */
function sentence(random: RandomStream): Float64Array {
  const voice = pick(random, LANGUAGES) + pick(random, VARIANTS)
  const words = Array.from({ length: 12 }, () => pick(random, WORDS)).join(' ')
  const manner = ['-p', String(20 + random.below(60)), '-s', String(120 + random.below(90))]
  const spoken = spawnSync('espeak-ng', ['-v', voice, ...manner, '--stdout', words], { maxBuffer: 1 << 26 })
  const decode = ['-v', 'error', '-i', 'pipe:0', '-f', 'f32le', '-ac', '1', '-ar', String(SOUND_HZ), 'pipe:1']
  const decoded = spawnSync('ffmpeg', decode, { input: spoken.stdout, maxBuffer: 1 << 26 })
  if (decoded.status !== 0) throw new Error(`no sound of the voice ${voice}: are espeak-ng and ffmpeg there?`)
  const bytes = Uint8Array.from(decoded.stdout)
  const samples = new Float64Array(SOUND_SAMPLES)
  samples.set(new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4)).subarray(0, SOUND_SAMPLES))
  return levelled(samples)
}

function addNote(into: Float64Array, at: number, hertz: number, instrument: Instrument, random: RandomStream): void {
  const { overtones, attackSeconds, decaySeconds } = instrument
  for (const [index, strength] of overtones.entries()) {
    const pitch = hertz * (index + 1)
    if (pitch > 7800) break
    const phase = between(random, 0, 2 * Math.PI)
    for (let i = at; i < into.length; i++) {
      const seconds = (i - at) / SOUND_HZ
      const envelope = Math.min(1, seconds / attackSeconds) * Math.exp(-seconds / decaySeconds)
      if (envelope < 1e-3 && seconds > attackSeconds) break
      into[i] += strength * envelope * Math.sin(2 * Math.PI * pitch * seconds + phase)
    }
  }
}

interface Instrument {
  readonly overtones: readonly number[]
  readonly attackSeconds: number
  readonly decaySeconds: number
}

function melody(random: RandomStream): Float64Array {
  const dullness = between(random, 0.5, 2)
  const instrument: Instrument = {
    overtones: Array.from({ length: 12 }, (_, at) => -Math.log(1 - random.next()) / (at + 1) ** dullness),
    attackSeconds: pick(random, [0.003, 0.02, 0.1]),
    decaySeconds: between(random, 0.05, 1),
  }
  const scale = Array.from({ length: 5 }, () => pick(random, [0, 2, 3, 5, 7, 8, 10, 12]))
  const lowest = between(random, 80, 500)
  const step = between(random, 0.1, 0.6)
  const samples = new Float64Array(SOUND_SAMPLES)
  for (let seconds = 0; seconds < 3; seconds += step * pick(random, [0.5, 1, 1, 2])) {
    const at = Math.floor(seconds * SOUND_HZ)
    for (let voice = 0; voice <= random.below(3); voice++)
      addNote(samples, at, lowest * 2 ** (pick(random, scale) / 12) * pick(random, [1, 2]), instrument, random)
    if (random.next() > 0.4) continue
    const [fade, loudness] = [between(random, 0.01, 0.06) * SOUND_HZ, between(random, 0.3, 2)]
    for (let i = at; i < Math.min(SOUND_SAMPLES, at + 2400); i++)
      samples[i] += loudness * random.normal() * Math.exp(-(i - at) / fade)
  }
  return levelled(samples)
}

/** A resonance in place: two poles. */
function resonate(samples: Float64Array, hertz: number, width: number): void {
  const radius = Math.exp((-Math.PI * width) / SOUND_HZ)
  const [a1, a2] = [2 * radius * Math.cos((2 * Math.PI * hertz) / SOUND_HZ), -radius * radius]
  let [before, last] = [0, 0]
  let square = 0
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] * (1 - radius) + a1 * last + a2 * before
    before = last
    last = value
    samples[i] = value
    square += (value * value) / samples.length
  }
  const scale = 1 / Math.sqrt(square + 1e-12)
  for (let i = 0; i < samples.length; i++) samples[i] *= scale
}

/** Ways in which noise becomes something: swelling, clicking, calling, running like an engine. */
const SHAPES: readonly ((samples: Float64Array, random: RandomStream) => void)[] = [
  () => undefined,
  (samples, random) => {
    const [hertz, depth] = [10 ** between(random, -0.3, 1.6), between(random, 0.3, 1)]
    for (let i = 0; i < samples.length; i++) samples[i] *= 1 + depth * Math.sin((2 * Math.PI * hertz * i) / SOUND_HZ)
  },
  (samples, random) => {
    const [pause, fade] = [between(random, 0.05, 0.5), between(random, 0.005, 0.1) * SOUND_HZ]
    let next = 0
    let loud = 0
    for (let i = 0; i < samples.length; i++) {
      if (i >= next) {
        loud = 1
        next = i - Math.log(1 - random.next()) * pause * SOUND_HZ
      }
      samples[i] *= loud
      loud *= Math.exp(-1 / fade)
    }
  },
  (samples, random) => {
    const [base, swing, swings] = [10 ** between(random, 2, 3.3), between(random, 0, 0.7), between(random, 0.3, 8)]
    const [calls, share] = [between(random, 0.5, 5), between(random, -0.8, 0.6)]
    let phase = 0
    for (let i = 0; i < samples.length; i++) {
      const turn = (2 * Math.PI * i) / SOUND_HZ
      phase += (2 * Math.PI * base * (1 + swing * Math.sin(turn * swings))) / SOUND_HZ
      const call = Math.sin(turn * calls) > share ? Math.sin(phase) + 0.5 * Math.sin(2 * phase) : 0
      samples[i] = call + 0.1 * samples[i]
    }
  },
  (samples, random) => {
    const [hertz, turns] = [between(random, 15, 150), between(random, 0.1, 2)]
    const strokes = samples.map((_, i) => {
      const seconds = i / SOUND_HZ
      return (hertz * seconds * (1 + 0.1 * Math.sin(2 * Math.PI * turns * seconds))) % 1 < 0.05 ? 1 : 0
    })
    resonate(strokes, 10 ** between(random, 2, 3.4), between(random, 50, 800))
    for (let i = 0; i < samples.length; i++) samples[i] = 0.3 * samples[i] + strokes[i]
  },
]

function noise(random: RandomStream): Float64Array {
  const samples = Float64Array.from({ length: SOUND_SAMPLES }, () => random.normal())
  resonate(samples, 10 ** between(random, 1.8, 3.8), 10 ** between(random, 1.5, 3.7))
  pick(random, SHAPES)(samples, random)
  if (random.next() < 0.3) samples.fill(0, Math.floor(SOUND_SAMPLES * between(random, 0.5, 1)))
  return levelled(samples)
}

/** The same sounds every time, for one version of espeak-ng. */
export function* madeUpSounds(count: number, seed: number): Generator<Float64Array> {
  const random = randomStream(seed)
  const kinds = [sentence, melody, sentence, noise, melody, sentence, noise]
  for (let at = 0; at < count; at++) yield kinds[at % kinds.length](random)
}
