/**
 * The sound of the room: one voice, steps, a cup, two claps, birds outside, heard by four microphones, each on its
 * own clock. The time that sound takes through the air (at most 15 ms in this room) is left out, so that picture and
 * sound of a device tell the same truth about its clock.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DeviceClock } from './clocks.ts'
import { CLOCKS, COMMENTARY, EVENTS, SCENE_END, SCENE_START } from './clocks.ts'
import { length, sub } from './linear.ts'
import { CAMERA_B, footfalls, headAt } from './motion.ts'
import { randomFor } from './random.ts'
import { biquad, convolve, resample } from './signal.ts'
import { TOOLS } from './tools.ts'

export const SAMPLE_RATE = 48_000
const COUNT = Math.round((SCENE_END - SCENE_START) * SAMPLE_RATE)
const at = (t: number): number => Math.round((t - SCENE_START) * SAMPLE_RATE)

export interface SpokenLine {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly text: string
}

type Source = 'voice' | 'steps' | 'cup' | 'claps' | 'birds'

function readWave(path: string): { samples: Float64Array; rate: number } {
  const bytes = readFileSync(path)
  const data = bytes.indexOf('data') + 8
  const count = Math.floor((bytes.length - data) / 2)
  return {
    samples: Float64Array.from({ length: count }, (_, i) => bytes.readInt16LE(data + i * 2) / 32768),
    rate: bytes.readUInt32LE(24),
  }
}

function speak(cache: string): { voice: Float64Array; lines: SpokenLine[] } {
  const voice = new Float64Array(COUNT)
  const lines: SpokenLine[] = []
  COMMENTARY.forEach((line, i) => {
    const path = join(cache, `line-${i}.wav`)
    execFileSync(TOOLS.espeak, ['-v', 'en-gb-x-rp', '-s', '168', '-p', '38', '-a', '110', '-w', path, line.text])
    const { samples, rate } = readWave(path)
    const spoken = resample(samples, 0, rate / SAMPLE_RATE, Math.floor((samples.length * SAMPLE_RATE) / rate))
    let end = spoken.length
    while (end > 0 && Math.abs(spoken[end - 1]) < 0.004) end--
    const start = at(line.at)
    for (let k = 0; k < end; k++) voice[start + k] += spoken[k]
    lines.push({ startSeconds: line.at, endSeconds: line.at + end / SAMPLE_RATE, text: line.text })
  })
  const warm = biquad(biquad(voice, 'peak', 220, SAMPLE_RATE, 0.9, 3), 'peak', 3100, SAMPLE_RATE, 1.2, -3)
  return { voice: biquad(warm, 'lowpass', 8200, SAMPLE_RATE), lines }
}

/** Adds a burst of noise through a resonance, dying away. */
function burst(
  out: Float64Array,
  t: number,
  gain: number,
  frequency: number,
  q: number,
  decay: number,
  purpose: string,
): void {
  const r = randomFor(purpose)
  const n = Math.round(decay * 8 * SAMPLE_RATE)
  const noise = Float64Array.from(
    { length: n },
    (_, i) => r.normal() * Math.exp(-i / (decay * SAMPLE_RATE)) * Math.min(1, i / 24),
  )
  const shaped = biquad(noise, 'lowpass', frequency, SAMPLE_RATE, q)
  const start = at(t)
  for (let i = 0; i < n; i++) if (start + i < COUNT) out[start + i] += gain * shaped[i]
}

/** Adds a struck thing: decaying sines. */
function ring(out: Float64Array, t: number, gain: number, modes: readonly (readonly [number, number, number])[]): void {
  const start = at(t)
  for (const [frequency, decay, level] of modes) {
    for (let i = 0; i < decay * 8 * SAMPLE_RATE && start + i < COUNT; i++) {
      const s = i / SAMPLE_RATE
      out[start + i] +=
        gain * level * Math.exp(-s / decay) * Math.sin(2 * Math.PI * frequency * s) * Math.min(1, i / 12)
    }
  }
}

function sources(cache: string): { tracks: Record<Source, Float64Array>; lines: SpokenLine[] } {
  const { voice, lines } = speak(cache)
  const steps = new Float64Array(COUNT)
  footfalls(SCENE_START + 0.2, SCENE_END - 0.5).forEach((f, i) => {
    burst(steps, f.at, 0.5 * f.strength, 170 + 25 * (i % 3), 1.6, 0.022, `heel ${i}`)
    burst(steps, f.at + 0.003, 0.1 * f.strength, 1500, 0.8, 0.006, `sole ${i}`)
    burst(steps, f.at + 0.09, 0.12 * f.strength, 420, 0.9, 0.012, `toe ${i}`)
  })
  const cup = new Float64Array(COUNT)
  for (const [delay, k] of [
    [0, 1],
    [0.061, 0.28],
  ]) {
    ring(cup, EVENTS.cupOnTable + delay, 0.32 * k, [
      [2380, 0.03, 1],
      [3910, 0.02, 0.6],
      [6120, 0.011, 0.35],
      [410, 0.03, 0.7],
    ])
    burst(cup, EVENTS.cupOnTable + delay, 0.5 * k, 700, 1.1, 0.012, `cup ${delay}`)
  }
  const claps = new Float64Array(COUNT)
  EVENTS.claps.forEach((t, i) => {
    burst(claps, t, 1.1, 2300 + 150 * i, 1.2, 0.0065, `clap ${i}`)
    burst(claps, t + 0.004, 0.6, 1100, 1.4, 0.011, `clap body ${i}`)
  })
  burst(claps, EVENTS.lampOn, 0.05, 4200, 1, 0.002, 'lamp')
  const birds = new Float64Array(COUNT)
  const r = randomFor('birds')
  for (const t of [-1.6, 2.0, 6.2, 6.6, 12.3, 14.35, 17.2, 22.7, 26.9]) {
    for (let note = 0; note < 3; note++) {
      const start = at(t + note * 0.16)
      const base = 3300 + 900 * r.next()
      let phase = 0
      const n = Math.round(0.11 * SAMPLE_RATE)
      for (let i = 0; i < n && start + i < COUNT; i++) {
        const k = i / n
        phase += (2 * Math.PI * (base + 700 * Math.sin(k * 5 + note))) / SAMPLE_RATE
        birds[start + i] += 0.05 * Math.sin(Math.PI * k) ** 2 * Math.sin(phase)
      }
    }
  }
  return { tracks: { voice, steps, cup, claps, birds }, lines }
}

interface Microphone {
  readonly clock: DeviceClock
  readonly gains: Record<Source, number>
  /** Level of early reflections and of the tail against the direct sound, and how long the tail takes to fall 60 dB. */
  readonly early: number
  readonly tail: number
  readonly decaySeconds: number
  readonly noise: number
  readonly hum: number
  readonly lowCut: number
  readonly highCut: number
  /** Of the loudest sample, full scale 1. */
  readonly peak: number
  readonly byDistance?: boolean
}

const MICROPHONES = {
  cameraA: {
    clock: CLOCKS.cameraA,
    gains: { voice: 1, steps: 0.55, cup: 0.8, claps: 0.55, birds: 0.7 },
    early: 0.16,
    tail: 0.11,
    decaySeconds: 0.38,
    noise: 0.0007,
    hum: 0,
    lowCut: 75,
    highCut: 15_000,
    peak: 0.72,
  },
  cameraB: {
    clock: CLOCKS.cameraB,
    gains: { voice: 0.9, steps: 0.75, cup: 0.75, claps: 0.6, birds: 0.9 },
    early: 0.42,
    tail: 0.42,
    decaySeconds: 0.5,
    noise: 0.0021,
    hum: 0.0012,
    lowCut: 130,
    highCut: 9000,
    peak: 0.66,
    byDistance: true,
  },
  microphone: {
    clock: CLOCKS.microphone,
    gains: { voice: 1.15, steps: 0.2, cup: 0.4, claps: 0.35, birds: 0.2 },
    early: 0.05,
    tail: 0.022,
    decaySeconds: 0.35,
    noise: 0.00016,
    hum: 0,
    lowCut: 60,
    highCut: 13_000,
    peak: 0.7,
  },
  phone: {
    clock: CLOCKS.phone,
    gains: { voice: 0.9, steps: 0.45, cup: 0.7, claps: 0.7, birds: 0.5 },
    early: 0.2,
    tail: 0.14,
    decaySeconds: 0.4,
    noise: 0.0011,
    hum: 0,
    lowCut: 190,
    highCut: 11_000,
    peak: 0.7,
  },
} as const satisfies Record<string, Microphone>

export type MicrophoneId = keyof typeof MICROPHONES

/** What the room answers to a clap, the direct sound at 0. */
function roomResponse(mic: Microphone, purpose: string): Float64Array {
  const r = randomFor(purpose)
  const h = new Float64Array(Math.round(mic.decaySeconds * 1.1 * SAMPLE_RATE))
  const tail = Float64Array.from(h, (_, i) => {
    const t = i / SAMPLE_RATE
    const rise = Math.min(1, Math.max(0, (t - 0.006) / 0.02))
    return r.normal() * rise * Math.exp((-6.9 * t) / mic.decaySeconds)
  })
  const dull = biquad(tail, 'lowpass', 3600, SAMPLE_RATE)
  const energy = Math.sqrt(dull.reduce((s, x) => s + x * x, 0))
  for (let i = 0; i < h.length; i++) h[i] = (dull[i] / energy) * mic.tail * 2.2
  for (let k = 0; k < 9; k++) {
    const delay = 0.0028 + 0.023 * r.next()
    h[Math.round(delay * SAMPLE_RATE)] +=
      (r.next() < 0.5 ? -1 : 1) * mic.early * (1 - delay * 22) * (0.4 + 0.6 * r.next())
  }
  h[0] += 1
  return h
}

/** What a microphone records, sample by sample on its own clock. */
function record(id: MicrophoneId, tracks: Record<Source, Float64Array>): Float64Array {
  const mic: Microphone = MICROPHONES[id]
  const r = randomFor(`noise of ${id}`)
  const sum = new Float64Array(COUNT)
  for (const [source, gain] of Object.entries(mic.gains) as [Source, number][]) {
    const wet = convolve(tracks[source], roomResponse(mic, `${id} ${source === 'birds' ? 'birds' : 'inside'}`))
    const far = mic.byDistance && (source === 'voice' || source === 'steps')
    let loud = 1
    for (let i = 0; i < COUNT; i++) {
      if (far && i % 480 === 0)
        loud = 2 / Math.max(0.7, length(sub(headAt(SCENE_START + i / SAMPLE_RATE).position, CAMERA_B.position)))
      sum[i] += gain * loud * wet[i]
    }
  }
  const hiss = biquad(
    Float64Array.from({ length: COUNT }, () => r.normal()),
    'lowpass',
    2600,
    SAMPLE_RATE,
    0.6,
  )
  const cut = biquad(biquad(sum, 'highpass', mic.lowCut, SAMPLE_RATE), 'lowpass', mic.highCut, SAMPLE_RATE)
  let peak = 0
  for (const x of cut) peak = Math.max(peak, Math.abs(x))
  const { clock } = mic
  const count = Math.round(clock.durationSeconds * SAMPLE_RATE)
  const from = (clock.offsetSeconds - SCENE_START) * SAMPLE_RATE
  const heard = resample(cut, from, 1 + clock.ratePpm * 1e-6, count)
  // Hiss and hum are made in the device, after the air: they stay on its own clock.
  for (let i = 0; i < count; i++) {
    const hum =
      mic.hum * (Math.sin((2 * Math.PI * 50 * i) / SAMPLE_RATE) + 0.4 * Math.sin((2 * Math.PI * 150 * i) / SAMPLE_RATE))
    heard[i] = (heard[i] / peak) * mic.peak + hiss[i] * mic.noise * 1.6 + hum + r.normal() * mic.noise * 0.25
  }
  return heard
}

/** 16-bit mono wave bytes. */
export function waveFile(samples: Float64Array): Buffer {
  const out = Buffer.alloc(44 + samples.length * 2)
  out.write('RIFF', 0)
  out.writeUInt32LE(36 + samples.length * 2, 4)
  out.write('WAVEfmt ', 8)
  out.writeUInt32LE(16, 16)
  out.writeUInt16LE(1, 20)
  out.writeUInt16LE(1, 22)
  out.writeUInt32LE(SAMPLE_RATE, 24)
  out.writeUInt32LE(SAMPLE_RATE * 2, 28)
  out.writeUInt16LE(2, 32)
  out.writeUInt16LE(16, 34)
  out.write('data', 36)
  out.writeUInt32LE(samples.length * 2, 40)
  const dither = randomFor('dither')
  samples.forEach((x, i) => {
    const v = Math.round(x * 32767 + (dither.next() - dither.next()) * 0.5)
    out.writeInt16LE(Math.max(-32768, Math.min(32767, v)), 44 + i * 2)
  })
  return out
}

/** Every microphone's recording, and what was said when (scene time). */
export function recordSound(cache: string): { recordings: Record<MicrophoneId, Float64Array>; lines: SpokenLine[] } {
  const { tracks, lines } = sources(cache)
  const recordings = Object.fromEntries(
    (Object.keys(MICROPHONES) as MicrophoneId[]).map((id) => [id, record(id, tracks)]),
  ) as Record<MicrophoneId, Float64Array>
  return { recordings, lines }
}
