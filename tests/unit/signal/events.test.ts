import { describe, expect, test } from 'vitest'
import { matchEvents } from '../../../shared/signal/match-events.ts'
import { matchWords, type TimedWord } from '../../../shared/signal/match-words.ts'
import { SeenEvents } from '../../../shared/signal/seen-claps.ts'
import { soundSamples } from '../../../shared/signal/sound-samples.ts'
import { LIGHT_GRID, lightEvents, soundEvents, type TimedEvent } from '../../../shared/signal/timed-events.ts'
import { clappingPicture } from '../../fixtures/time/clapping-picture.ts'
import { SeededRandom } from '../../fixtures/time/random.ts'
import { noise, speechLike } from '../../fixtures/time/sources.ts'

const RATE = 16_000
const CLAPS = [3.2, 4.1, 9.7, 17.35, 21.02]

/** Claps (short bursts that ring) in a room with noise. */
function clapping(seconds: number, at: readonly number[], seed: number, level = 1): Float32Array {
  const out = noise(seconds * RATE, seed, 0.8).map((value) => value * 0.01)
  const random = new SeededRandom(seed + 9)
  for (const start of at) {
    const first = Math.round(start * RATE)
    for (let index = 0; index < 0.15 * RATE && first + index < out.length; index++) {
      out[first + index]! += level * random.normal() * Math.exp(-index / (0.02 * RATE))
    }
  }
  return out
}

const at = (seconds: number, sigmaSeconds: number): TimedEvent => ({ seconds, sigmaSeconds, strength: 1 })

describe('events', () => {
  test('claps are found to two milliseconds, and a voice before them does not hide them', () => {
    const claps = clapping(25, CLAPS, 1)
    const voice = speechLike(25, RATE, 2)
    for (let index = 0; index < claps.length; index++) claps[index]! += 0.03 * voice[index]!
    const found = soundEvents(soundSamples(claps), RATE, 100)
    for (const clap of CLAPS) {
      const nearest = Math.min(...found.map((event) => Math.abs(event.seconds - 100 - clap)))
      expect(nearest).toBeLessThan(0.002)
    }
    expect(soundEvents(soundSamples(new Float32Array(RATE)), RATE, 0)).toEqual([])
    expect(soundEvents(soundSamples(new Float32Array(1)), RATE, 0)).toEqual([])
  })

  test('flashes are found between two frames, also in a part of the picture', () => {
    const times = Array.from({ length: 750 }, (_, frame) => frame / 30)
    const cells = LIGHT_GRID.width * LIGHT_GRID.height
    const brightness = new Uint8Array(times.length * cells)
    const random = new SeededRandom(3)
    for (const [frame, seconds] of times.entries()) {
      const lit = CLAPS.some((clap) => seconds >= clap && seconds < clap + 0.1)
      for (let cell = 0; cell < cells; cell++) {
        brightness[frame * cells + cell] = 80 + random.between(-2, 2) + (lit && cell % 8 < 3 ? 60 : 0)
      }
    }
    const found = lightEvents(brightness, times)
    expect(found).toHaveLength(CLAPS.length)
    for (const [index, event] of found.entries()) {
      expect(Math.abs(event.seconds - CLAPS[index]!)).toBeLessThanOrEqual(1 / 60 + 1e-9)
    }
  })

  test('hands and sticks that meet are seen within a frame, and are no light', () => {
    for (const seed of [1, 4]) {
      const seen = new SeenEvents()
      const frameRateHz = 30
      const options = { seed, claps: CLAPS, seconds: 23, frameRateHz, exposure: 0.4 }
      const { claps, light, frameSeconds } = seen.read(clappingPicture(options, (pixels) => seen.push(pixels)))
      expect(frameSeconds).toBeCloseTo(1 / frameRateHz, 9)
      for (const clap of CLAPS) {
        const nearest = Math.min(...claps.map((event) => Math.abs(event.seconds - clap)))
        expect(nearest).toBeLessThan(1 / frameRateHz)
      }
      expect(light.length).toBeLessThan(CLAPS.length)
    }
    expect(new SeenEvents().read([])).toMatchObject({ claps: [], light: [] })
  })

  test('a flash that goes on and off again is light, and no clap', () => {
    const random = new SeededRandom(3)
    const ground = Float32Array.from({ length: 48 * 32 }, () => random.between(40, 80))
    const seen = new SeenEvents()
    const times = Array.from({ length: 23 * 30 }, (_, frame) => frame / 30)
    for (const time of times) {
      const lit = CLAPS.some((flash) => time >= flash && time < flash + 0.07) ? 120 : 0
      seen.push(Uint8Array.from(ground, (value) => Math.round(value + lit + random.normal())))
    }
    const { claps, light } = seen.read(times)
    expect(light).toHaveLength(CLAPS.length)
    expect(claps).toEqual([])
  })

  test('claps heard here and seen there give offset and sigma; the other way round gives the inverse', () => {
    const heard = soundEvents(soundSamples(clapping(25, CLAPS, 5)), RATE, 0)
    const seen = CLAPS.map((clap) => at((Math.ceil((clap + 7) * 30) - 0.5) / 30, 1 / 30 / Math.sqrt(12)))
    const there = matchEvents(heard, [...seen, at(31.7, 0.01)])
    const back = matchEvents([...seen, at(31.7, 0.01)], heard)
    if (!there.matched || !back.matched) throw new Error('refused')
    expect(Math.abs(there.offsetSeconds + 7)).toBeLessThan(0.02)
    expect(Math.abs(there.offsetSeconds + 7)).toBeLessThan(3 * Math.sqrt(there.covariance[0]))
    expect(back.offsetSeconds).toBeCloseTo(-there.offsetSeconds, 2)
    expect(there.confidence).toBeGreaterThan(0.6)
  })

  test('a single clap, even claps and unrelated lists are refused', () => {
    expect(matchEvents([at(3, 0.01)], [at(9, 0.01)])).toMatchObject({ matched: false })
    const even = Array.from({ length: 8 }, (_, index) => at(index * 2, 0.01))
    expect(matchEvents(even, even.slice(0, 7))).toMatchObject({ matched: false, reason: expect.stringMatching(/even/) })
    let accepted = 0
    for (let seed = 0; seed < 300; seed++) {
      const random = new SeededRandom(seed)
      const list = (sigma: number): TimedEvent[] =>
        Array.from({ length: 3 + Math.floor(random.next() * 30) }, () => at(random.between(0, 120), sigma)).sort(
          (one, two) => one.seconds - two.seconds,
        )
      if (matchEvents(list(0.001), list(0.01)).matched) accepted++
    }
    expect(accepted).toBeLessThanOrEqual(1)
  })

  test('beats of one tempo, half of them unheard, tie nothing; one piece that both heard with a few missed does', () => {
    const beat = (random: SeededRandom, missed: number): number[] =>
      Array.from({ length: 40 }, (_, index) => index * 0.5).filter(() => random.next() > missed)
    const heard = (random: SeededRandom, seconds: readonly number[], shift: number): TimedEvent[] =>
      seconds.map((second) => at(second + shift + 0.003 * random.normal(), 0.004))
    let [tied, found] = [0, 0]
    for (let seed = 0; seed < 300; seed++) {
      const random = new SeededRandom(seed)
      const own = (): TimedEvent[] =>
        [
          ...heard(random, beat(random, 0.6), random.next()),
          ...Array.from({ length: 5 }, () => at(20 * random.next(), 0.004)),
        ].sort((one, two) => one.seconds - two.seconds)
      if (matchEvents(own(), own()).matched) tied++
      const piece = beat(random, 0.3).map((second) => second + 0.02 * random.normal())
      const catches = (): number[] => piece.filter(() => random.next() > 0.15)
      const answer = matchEvents(heard(random, catches(), 3.3), heard(random, catches(), 0))
      if (answer.matched && Math.abs(answer.offsetSeconds - 3.3) < 0.02) found++
    }
    // Eleven without the count of one beat.
    expect(tied).toBeLessThanOrEqual(4)
    expect(found).toBeGreaterThan(240)
  })
})

describe('words', () => {
  const random = new SeededRandom(8)
  const spoken = Array.from({ length: 120 }, (_, index) => ({
    text: ['Light', 'falls', 'over', 'the', 'table', 'while', 'we', 'measure', 'again', 'and', 'wait'][
      Math.floor(random.next() * 11)
    ]!,
    seconds: index * 0.4,
  }))
  const heard = (drop: number, late: number, seed: number): TimedWord[] => {
    const ear = new SeededRandom(seed)
    return spoken
      .filter(() => ear.next() > drop)
      .map(({ text, seconds }) => ({
        text: ear.next() < 0.1 ? 'something' : text.toUpperCase() + '.',
        seconds: seconds - late + 0.05 * ear.normal(),
      }))
  }

  test('two transcripts with errors are laid on one another', () => {
    const answer = matchWords(heard(0.1, 0, 1), heard(0.1, 12.5, 2))
    if (!answer.matched) throw new Error(answer.reason)
    expect(Math.abs(answer.offsetSeconds - 12.5)).toBeLessThan(0.1)
    expect(Math.abs(answer.offsetSeconds - 12.5)).toBeLessThan(3 * Math.sqrt(answer.covariance[0]))
  })

  test('what shares no words, or repeats itself, is refused', () => {
    const other = spoken.map(({ seconds }, index) => ({ text: `w${index}`, seconds }))
    expect(matchWords(heard(0, 0, 1), other)).toMatchObject({ matched: false })
    const refrain = Array.from({ length: 60 }, (_, index) => ({
      text: ['la', 'le', 'lu', 'li'][index % 4]!,
      seconds: index,
    }))
    expect(matchWords(refrain, refrain)).toMatchObject({ matched: false })
  })
})
