import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { demoAnswer, MintAnswer, SyncAnswer } from '../../shared/contract/answers.ts'
import type { StarsAnswer } from '../../shared/contract/stars.ts'
import { runCli, runJson } from '../fixtures/cli/run-cli.ts'

type Demo = z.infer<typeof demoAnswer>

interface Truth {
  readonly assets: Readonly<Record<string, { offset_s?: number; rate_ppm?: number; world_from_asset?: number[] }>>
}

const SAMPLE = join(import.meta.dirname, '../../resources/sample')
const truth = JSON.parse(readFileSync(join(SAMPLE, 'truth.json'), 'utf8')) as Truth

/** Rotation between two column-major matrices in degrees, and the distance of what they do to a point, in metres. */
function poseError(
  a: readonly number[],
  b: readonly number[],
  point: readonly [number, number, number],
): { degrees: number; metres: number } {
  let trace = 0
  for (let row = 0; row < 3; row++) for (let k = 0; k < 3; k++) trace += a[k * 4 + row]! * b[k * 4 + row]!
  const at = (m: readonly number[], row: number): number =>
    m[row]! * point[0] + m[4 + row]! * point[1] + m[8 + row]! * point[2] + m[12 + row]!
  return {
    degrees: (Math.acos(Math.min(1, Math.max(-1, (trace - 1) / 2))) * 180) / Math.PI,
    metres: Math.hypot(...[0, 1, 2].map((row) => at(a, row) - at(b, row))),
  }
}

describe('the main job on the sample take', () => {
  let folder: string
  let home: string
  let demo: Demo
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'asterism-demo-'))
    home = join(folder, 'home')
    const { code, answer } = await runJson<Demo>(home, ['demo', '--out', folder])
    expect(code).toBe(0)
    demo = answer
  })
  afterAll(async () => {
    await runCli(home, ['practice', 'stop'])
    rmSync(folder, { recursive: true, force: true })
  })

  const nameOf = (assetId: string): string => basename(demo.assets.find((asset) => asset.id === assetId)!.path)

  test('every clock is where the truth says, within a millisecond and 3 ppm', () => {
    expect(demo.sync.unsynced).toEqual([])
    const reference = truth.assets[nameOf(demo.sync.reference!)]!
    for (const map of demo.sync.assets) {
      const own = truth.assets[nameOf(map.asset)]!
      // Both truths are given on one clock; what is measured is given on the reference's.
      const scale = 1 + (reference.rate_ppm ?? 0) * 1e-6
      const offset = ((own.offset_s ?? 0) - (reference.offset_s ?? 0)) / scale
      const rate = ((1 + (own.rate_ppm ?? 0) * 1e-6) / scale - 1) * 1e6
      expect(Math.abs(map.offset_s - offset), nameOf(map.asset)).toBeLessThan(1e-3)
      expect(Math.abs(map.rate_ppm - rate), nameOf(map.asset)).toBeLessThan(3)
      if (map.asset !== demo.sync.reference)
        expect(Math.abs(map.offset_s - offset)).toBeLessThan(4 * map.sigma_offset_s + 1e-4)
    }
  })

  test('every scan is where the truth says, within 5 cm and 1 degree', () => {
    expect(demo.register.unregistered).toEqual([])
    const world = truth.assets[nameOf(demo.register.world!)]!.world_from_asset!
    for (const placed of demo.register.assets) {
      const own = truth.assets[nameOf(placed.asset)]?.world_from_asset
      if (!own || placed.asset === demo.register.world) continue
      expect(world).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
      const error = poseError(placed.world_from_asset, own, [1, 1, 1])
      expect(error.degrees, nameOf(placed.asset)).toBeLessThan(1)
      expect(error.metres, nameOf(placed.asset)).toBeLessThan(0.05)
    }
  })

  test('the terms of the stars add up to the stars', () => {
    const sum = demo.stars.signals.reduce((total, signal) => total + signal.contribution_stars, 0)
    expect(Math.abs(sum - demo.stars.stars)).toBeLessThan(1e-9)
    expect(demo.stars.low).toBeLessThanOrEqual(demo.stars.stars)
    expect(demo.stars.high).toBeGreaterThanOrEqual(demo.stars.stars)
  })

  test('packed, checked, minted once', () => {
    expect(demo.package.checks.filter((check) => !check.ok)).toEqual([])
    expect(existsSync(demo.package.car)).toBe(true)
    expect(demo.mint.already_minted).toBe(false)
    expect(demo.second_mint).toMatchObject({
      already_minted: true,
      token_id: demo.mint.token_id,
      contract: demo.mint.contract,
    })
  })

  test('a process of its own finds the token too, and a dry run costs nothing', async () => {
    // The folder that it was packed into stands for the one package in it.
    const mint = await runJson<MintAnswer>(home, ['mint', dirname(demo.package.path), '--network', 'practice'])
    expect(mint.answer).toMatchObject({ already_minted: true, token_id: demo.mint.token_id })
    const dry = await runJson<MintAnswer>(home, ['mint', demo.package.path, '--network', 'practice', '--dry-run'])
    expect(dry.answer.token_id).toBe(demo.mint.token_id)
  })

  test('packing the same project again gives the same root CID', async () => {
    const { answer } = await runJson<{ root_cid: string }>(home, [
      'pack',
      demo.project,
      '--out',
      join(folder, 'elsewhere'),
    ])
    expect(answer.root_cid).toBe(demo.package.root_cid)
  })

  test('sync run again gives the same answer, also with another reference', async () => {
    const microphone = demo.assets.find((asset) => asset.path.endsWith('microphone.flac'))!
    const { answer } = await runJson<SyncAnswer>(home, ['sync', demo.project, '--reference', microphone.id])
    expect(answer.reference).toBe(microphone.id)
    expect(answer.assets.find((map) => map.asset === microphone.id)).toMatchObject({
      offset_s: 0,
      rate_ppm: 0,
      confidence: 1,
    })
  })

  test('stars again are the same stars', async () => {
    const { answer } = await runJson<StarsAnswer>(home, ['stars', demo.project])
    expect(answer.pack).toEqual(demo.stars.pack)
  })
})
