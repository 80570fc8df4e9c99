import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { describe } from '../../electron/engine/import/describe.ts'
import type { ImuSamples } from '../../shared/geometry/data.ts'
import { importContext, withFolder } from '../fixtures/import/context.ts'
import {
  CAMM,
  CAMM_UTC_SECONDS,
  cammForce,
  cammPosition,
  cammRate,
  cammRecording,
  cammTurn,
} from '../fixtures/import/camm-fixtures.ts'
import { walkMetres } from '../fixtures/import/track-fixtures.ts'
import {
  GOPRO,
  GOPRO_PLACES_EACH,
  goproFixtures,
  goproForce,
  goproRate,
  goproRecording,
} from '../fixtures/import/gopro-fixtures.ts'

const samples = join(dirname(createRequire(import.meta.url).resolve('gopro-telemetry/package.json')), 'samples')

async function inertiaOf(path: string) {
  const context = await importContext({ withTools: true })
  const { importer, source, asset } = await describe(path, context)
  const inertia: ImuSamples[] = []
  for (const [index, { sensor }] of asset.streams.entries()) {
    const loaded = sensor === 'imu' ? await importer.loadImu?.(source, index, context) : undefined
    if (loaded) inertia.push(loaded)
  }
  const last = asset.streams.length - 1
  const way = asset.streams[last]!.sensor === 'pose' ? await importer.loadPoses?.(source, last, context) : undefined
  return { asset, inertia, way }
}

/** Over ground in m/s, as GPS5 (thousandths) holds them in its fourth number: another thing than the places beside it. */
function receiverSpeeds(bytes: Buffer): number[] {
  const speeds: number[] = []
  for (let at = bytes.indexOf('GPS5'); at >= 0; at = bytes.indexOf('GPS5', at + 4)) {
    if (bytes[at + 4] !== 'l'.charCodeAt(0)) continue
    for (let sample = 0; sample < bytes.readUInt16BE(at + 6); sample++) {
      speeds.push(bytes.readInt32BE(at + 8 + 20 * sample + 12) / 1000)
    }
  }
  return speeds
}

suite('GoPro telemetry', () => {
  test.each([goproRecording, ...goproFixtures].map((fixture) => [fixture.id, fixture] as const))(
    '%s gives what was written',
    async (id, fixture) => {
      await withFolder(async (folder) => {
        const { tools } = await importContext({ withTools: true })
        const { asset, inertia, way } = await inertiaOf(await fixture.write(folder, tools))
        expect(asset.warnings.map(({ code }) => code)).toEqual(['rotation_unknown'])
        const [rate, force] = inertia
        expect(force.count).toBe(GOPRO.payloadCount * GOPRO.accelerationsEach)
        expect(rate.count).toBe(GOPRO.payloadCount * GOPRO.ratesEach)
        expect(Array.from(force.accelerations?.subarray(21, 24) ?? [])).toEqual(goproForce(7))
        expect(Array.from(rate.rotationRates?.subarray(303, 306) ?? [])).toEqual(goproRate(101))
        const start = id === 'gopro-recording' ? 0 : GOPRO.startMicroseconds * 1000
        expect(Number(rate.timesNanoseconds[0])).toBe(start)
        expect(Number(rate.timesNanoseconds[101])).toBe(start + 1.01e9)
        expect(asset.streams.at(-3)?.sampleRateHz).toBeCloseTo(100, 1)
        expect(asset.streams.at(-1)).toMatchObject({ sensor: 'pose', codec: 'gpmf', rotationUnknown: true })
        expect(JSON.stringify(asset), 'where on Earth is not kept').not.toMatch(/33\.8|151\.[12]/)
        expect(way?.count).toBe(GOPRO.payloadCount * GOPRO_PLACES_EACH)
        expect(Number(way?.timesNanoseconds[3])).toBe(start + (3 / GOPRO_PLACES_EACH) * GOPRO.payloadSeconds * 1e9)
        walkMetres(5).forEach((value, axis) => expect(Math.abs(way!.positions[15 + axis]! - value)).toBeLessThan(0.02))
        expect(asset.clocks[0].epochSource).toBe('satellite')
        expect(Number(asset.clocks[0].epochUtcNanoseconds) / 1e9).toBeCloseTo(GOPRO.utcSeconds - start / 1e9, 5)
      })
    },
  )

  test.each([
    ['hero5.raw', 199, 399],
    ['hero7.raw', 17 * 190, 17 * 190],
    ['hero11.raw', 11 * 200, 11 * 200],
    ['Fusion.raw', 197, 3300],
  ])('real payloads of %s hold gravity and plausible turns', async (name, forces, rates) => {
    const { asset, inertia } = await inertiaOf(join(samples, name))
    expect(asset.format).toBe('gpmf')
    const [rate, force] = inertia
    expect(Math.abs(force.count - forces)).toBeLessThan(forces * 0.1)
    expect(Math.abs(rate.count - rates)).toBeLessThan(rates * 0.1)
    const lengths = Array.from({ length: force.count }, (_, i) =>
      Math.hypot(...(force.accelerations?.subarray(3 * i, 3 * i + 3) ?? [])),
    )
    const median = lengths.toSorted((a, b) => a - b)[lengths.length >> 1]
    expect(median).toBeGreaterThan(8)
    expect(median).toBeLessThan(12)
    expect(Math.max(...(rate.rotationRates ?? []).map(Math.abs))).toBeLessThan(20)
    expect(asset.warnings.map(({ code }) => code)).toEqual([
      ...(name === 'hero11.raw' || name === 'Fusion.raw' ? [] : ['times_assumed']),
      'rotation_unknown',
    ])
  })

  test.each([
    ['hero7.raw', '2019-01-03T16:33:34'],
    ['hero11.raw', '2022-09-20T13:12:59'],
    ['hero5.raw', null],
  ])('what satellites said of the time in %s', async (name, utc) => {
    const { asset } = await inertiaOf(join(samples, name))
    const { epochUtcNanoseconds: epoch } = asset.clocks[0]
    expect(epoch && new Date(Number(epoch) / 1e6).toISOString().slice(0, 19)).toBe(utc)
  })

  test.each(['hero5.raw', 'hero7.raw', 'hero11.raw', 'Fusion.raw'])(
    '%s went as fast as its receiver says',
    async (name) => {
      const { way } = await inertiaOf(join(samples, name))
      const speeds = receiverSpeeds(await readFile(join(samples, name)))
      const [p, last] = [way!.positions, way!.count - 1]
      let metres = 0
      for (let i = 1; i <= last; i++) metres += Math.hypot(p[3 * i]! - p[3 * i - 3]!, p[3 * i + 2]! - p[3 * i - 1]!)
      const seconds = Number(way!.timesNanoseconds[last]! - way!.timesNanoseconds[0]!) / 1e9
      const mean = speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length
      expect(Math.abs(metres / seconds - mean)).toBeLessThan(0.25 + 0.1 * mean)
    },
  )

  test('the real HERO11 recording keeps the camera’s own times', async () => {
    const { asset, inertia } = await inertiaOf(join(samples, 'hero11.raw'))
    // Its eleven payloads lie 1.0 s apart on the camera's clock, by their own stamps.
    expect(asset.durationSeconds).toBeGreaterThan(9.5)
    expect(asset.durationSeconds).toBeLessThan(12)
    for (const { timesNanoseconds } of inertia) {
      for (let i = 1; i < timesNanoseconds.length; i++) expect(timesNanoseconds[i] > timesNanoseconds[i - 1]).toBe(true)
    }
  })
})

suite('CAMM and spatial boxes', () => {
  test('motion, keys and the geometry of two eyes are read', async () => {
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: true })
      const path = await cammRecording.write(folder, context.tools)
      const { importer, source, asset } = await describe(path, context)
      const start = CAMM.delaySeconds * 1e9
      expect(asset.clocks[0].epochSource).toBe('satellite')
      expect(Number(asset.clocks[0].epochUtcNanoseconds) / 1e9).toBeCloseTo(CAMM_UTC_SECONDS - CAMM.delaySeconds, 5)
      const rate = await importer.loadImu?.(source, 1, context)
      const force = await importer.loadImu?.(source, 2, context)
      const poses = await importer.loadPoses?.(source, 3, context)
      expect(Array.from(rate?.rotationRates?.subarray(9, 12) ?? [])).toEqual(cammRate(3))
      expect(Array.from(force?.accelerations?.subarray(9, 12) ?? [])).toEqual(cammForce(3))
      expect(Number(rate?.timesNanoseconds[3])).toBe(start + 3 * CAMM.stepSeconds * 1e9)
      // Positions come at every second step: between them they are interpolated.
      cammPosition(3).forEach((value, axis) => expect(poses?.positions[9 + axis]).toBeCloseTo(value, 9))
      expect(poses?.rotations[13]).toBeCloseTo(Math.sin(cammTurn(3) / 2), 6)
      const way = await importer.loadPoses?.(source, 4, context)
      expect(asset.streams[4]).toMatchObject({ codec: 'camm', rotationUnknown: true, sampleCount: CAMM.steps / 10 })
      expect(Number(way?.timesNanoseconds[1])).toBe(start + 10 * CAMM.stepSeconds * 1e9)
      walkMetres(20).forEach((value, axis) => expect(Math.abs(way!.positions[6 + axis]! - value)).toBeLessThan(0.01))
      expect(asset.metadata).toMatchObject({
        hasLocation: true,
        timedMetadata: 'com.apple.quicktime.detected-face',
        stereoEyes: 'both',
        stereoHeroEye: 'left',
        stereoBaselineMetres: 0.01924,
        stereoDisparityAdjustment: 0.02,
        horizontalFieldOfViewDegrees: 63.4,
        projection: 'rectilinear',
      })
      expect(asset.warnings.map(({ code }) => code)).toEqual(['rotation_unknown', 'stereo_base_eye_only'])
    })
  })
})
