/** What every signal and gate of the registries promises, whatever the recording. */
import { describe, expect, it } from 'vitest'
import { inEnglish } from '../../../shared/sayings/saying.ts'
import { randomStream } from '../../../shared/stars/algebra/random.ts'
import { STAR_GATES } from '../../../shared/stars/estimate/gates.ts'
import { STAR_SIGNALS, type SignalReading } from '../../../shared/stars/estimate/signals.ts'
import type { StarsInput } from '../../../shared/stars/estimate/stars-input.ts'
import { prepareStars, viewOf } from '../../../shared/stars/estimate/unit-state.ts'
import { HARMS, madeUpTake } from '../../fixtures/stars/stars-inputs.ts'

const plain = madeUpTake(7)
const without = (sense: 'picture' | 'sound' | 'motion', input: StarsInput): StarsInput => ({
  ...input,
  units: input.units.map((unit) => ({ ...unit, [sense]: null })),
})
const INPUTS: Readonly<Record<string, StarsInput>> = {
  'a take': plain,
  'one window': { ...plain, units: plain.units.slice(0, 1), captions: [] },
  'no picture': without('picture', plain),
  'no sound': without('sound', plain),
  'nothing sensed': without('picture', without('sound', without('motion', plain))),
  'scans alone': { ...plain, units: [], clocks: [], captions: [] },
  'words alone': { ...plain, scans: [], units: without('picture', without('sound', without('motion', plain))).units },
  nothing: { ...plain, units: [], clocks: [], captions: [], scans: [] },
  ...Object.fromEntries(Object.entries(HARMS).map(([name, harm]) => [name, harm(plain, randomStream(3))])),
}
const ALL = [...STAR_SIGNALS, ...STAR_GATES]
const A_SENTENCE = /^[A-Z0-9].*[.]$/s

describe('the registry of signals and gates', () => {
  it('names each once, in small letters', () => {
    const ids = ALL.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })

  it.each(ALL.map((entry) => [entry.id, entry] as const))('%s stays in its bounds and says why', (_id, entry) => {
    for (const [name, input] of Object.entries(INPUTS)) {
      const read = (): SignalReading & { readonly factor?: number } => entry.read(viewOf(prepareStars(input)))
      const { value, said, factor = 1 } = read()
      for (const number of [value ?? 0, factor]) {
        expect(number, name).toBeGreaterThanOrEqual(0)
        expect(number, name).toBeLessThanOrEqual(1)
      }
      expect(inEnglish(said), name).toMatch(A_SENTENCE)
      expect(read(), name).toEqual({ value, said, ...('factor' in read() && { factor }) })
    }
  })

  it('the gates of originality together leave the share of what was not seen before', () => {
    const copied = HARMS['importing a file twice'](plain, randomStream(1))
    const again = HARMS['appending the same scenes again, cropped and graded'](copied, randomStream(1))
    const view = viewOf(prepareStars({ ...again, scans: [] }))
    const factor = (id: string): number => STAR_GATES.find((gate) => gate.id === id)!.read(view).factor
    const total = again.units.length
    const camera = plain.units.filter((unit) => unit.assetId === 'camera').length
    // The file twice and the scenes again: each is as long as the camera's part.
    expect(factor('near-duplicates')).toBeLessThan(1)
    expect(factor('originality') * factor('near-duplicates')).toBeCloseTo(1 - (2 * camera) / total, 12)
  })
})
