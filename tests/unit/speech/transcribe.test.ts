/** Speech found by a network that ships, and words read out of what the recogniser prints. */
import { describe, expect, it } from 'vitest'
import { readSegmentation } from '../../../electron/engine/speech/pocketsphinx.ts'
import { Encoders, SPEECH_HZ } from '../../../electron/engine/models/encoders.ts'
import { speechSpans } from '../../../shared/signal/speech-spans.ts'

describe('spans of speech', () => {
  const chances = (text: string): number[] => [...text].map((letter) => Number(letter) / 9)

  it('join short pauses, drop clicks, keep margins, never overlap', () => {
    // Steps of 0.1 s: speech, a pause of 0.2 s, speech; a click; speech after a long pause.
    const spans = speechSpans(chances('000999900999000000090000009999900'), 0.1)
    expect(spans.map((span) => [span.startSeconds, span.endSeconds].map((s) => Math.round(s * 100) / 100))).toEqual([
      [0.15, 1.35],
      [2.45, 3.25],
    ])
    expect(speechSpans(chances('0000'), 0.1)).toEqual([])
    expect(speechSpans(chances('9999'), 0.1)).toEqual([{ startSeconds: 0, endSeconds: 0.4 }])
  })

  it('cut what is too long where speech is least likely', () => {
    const text = `${'9'.repeat(70)}6${'9'.repeat(60)}`
    const spans = speechSpans(chances(text), 0.1, { longestSeconds: 10, marginSeconds: 0 })
    expect(spans.map((span) => Math.round(span.endSeconds * 10))).toEqual([70, 131])
    expect(spans[1]!.startSeconds).toBeCloseTo(7, 9)
  })
})

describe('the network', () => {
  it('hears no voice in noise, and stops when nobody waits any more', async () => {
    const stop = new AbortController()
    const encoders = new Encoders(stop.signal)
    const samples = new Float32Array(SPEECH_HZ)
    let seed = 1
    for (let n = 0; n < samples.length; n++) {
      seed = (seed * 48_271) % 2_147_483_647
      samples[n] = (seed / 2_147_483_647 - 0.5) * 0.1
    }
    const chances = await encoders.speech(samples)
    expect(chances).toHaveLength(31)
    expect(Math.max(...chances)).toBeLessThan(0.5)
    const unheard = encoders.speech(samples)
    stop.abort()
    await expect(unheard).rejects.toMatchObject({ code: 'cancelled' })
    await encoders.close()
  })

  it('may be cancelled in the middle of a run, without taking the process with it', async () => {
    for (let round = 0; round < 6; round++) {
      const stop = new AbortController()
      const encoders = new Encoders(stop.signal)
      await encoders.speech(new Float32Array(1024))
      const unheard = expect(encoders.speech(new Float32Array(SPEECH_HZ * 20))).rejects.toMatchObject({
        code: 'cancelled',
      })
      await new Promise((resolve) => setTimeout(resolve, round * 7))
      stop.abort()
      await unheard
      await encoders.close()
    }
  })
})

describe('what the recogniser prints', () => {
  it('is words with times, without silences and noises', () => {
    const line =
      'piece0 S 0 T -12 A -10 L -2 0 -5 -1 <s> 12 -5 -1 hello 40 -5 -1 [NOISE] 55 -5 -1 world(2) 90 -5 -1 </s> 100'
    expect(readSegmentation(line)).toEqual({
      name: 'piece0',
      words: [
        { text: 'hello', startSeconds: 0.12, endSeconds: 0.4 },
        { text: 'world', startSeconds: 0.55, endSeconds: 0.9 },
      ],
    })
    expect(readSegmentation('')).toBeNull()
    expect(readSegmentation('nonsense')).toBeNull()
  })
})
