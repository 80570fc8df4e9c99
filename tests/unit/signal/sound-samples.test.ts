import { expect, test } from 'vitest'
import { PackedSound, soundSamples } from '../../../shared/signal/sound-samples.ts'
import { noise } from '../../fixtures/time/sources.ts'

const COUNT = 1_100_003

test('packed sound is the same sound, however it arrives and however quiet it is', () => {
  const sound = noise(COUNT, 1, 0.5).map((value, index) => value * (index < 600_000 ? 1 : 1e-6))
  const packed = new PackedSound()
  const bytes = new Uint8Array(sound.buffer)
  // Chunks that end inside samples and inside pages.
  for (let at = 0; at < bytes.length; at += 65_537) packed.pushBytes(bytes.subarray(at, at + 65_537))
  expect(packed.length).toBe(COUNT)
  expect(packed.byteLength).toBeLessThan(bytes.length * 0.98)
  const plain = soundSamples(sound)
  for (const start of [-700, 0, 4095, 597_000, 1_048_570, COUNT - 300, COUNT + 5]) {
    const [one, two] = [new Float32Array(9000).fill(7), new Float32Array(9000).fill(7)]
    packed.read(start, one)
    plain.read(start, two)
    const worst = one.reduce((most, value, index) => Math.max(most, Math.abs(value - two[index])), 0)
    expect(worst, `from ${start}`).toBeLessThan(4e-5 * (start >= 600_000 ? 1e-5 : 10))
  }
})

test('samples that are no numbers are silence and are counted', () => {
  const packed = new PackedSound()
  const broken = new Float32Array(5000).fill(0.5)
  broken.set([Number.NaN, Infinity, 1e30], 10)
  broken[4500] = Number.NaN
  packed.push(broken)
  const out = new Float32Array(5000)
  packed.read(0, out)
  expect(packed.repaired).toBe(3)
  expect([out[9], out[10], out[11], out[12], out[4500], out[4501]].map((value) => Math.round(value * 1e4))).toEqual([
    5000, 0, 0, 0, 0, 5000,
  ])
})
