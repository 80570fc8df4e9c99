import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const root = resolve(import.meta.dirname, '../../../resources/sample')
const MEGABYTE = 1_000_000

const takeSchema = z.object({
  version: z.literal(1),
  title: z.string().min(1),
  licence: z.literal('CC0-1.0'),
  items: z.array(
    z.object({ path: z.string(), title: z.string().min(1), kind: z.enum(['recording', 'capture', 'scan']) }),
  ),
  total_bytes: z.number().int().positive(),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
})

const matrix = z.array(z.number()).length(16)
const clock = { offset_s: z.number(), rate_ppm: z.number(), duration_s: z.number().positive() }
const truthSchema = z.object({
  version: z.literal(1),
  reference: z.string(),
  world: z.string(),
  assets: z.object({
    'camera-a.mp4': z.object(clock),
    'camera-b.mp4': z.object({ ...clock, world_from_camera: matrix }),
    'microphone.flac': z.object(clock),
    phone: z.object({ ...clock, world_from_asset: matrix }),
    'room-scan.ply': z.object({ world_from_asset: matrix }),
    'partial-scan.glb': z.object({ world_from_asset: matrix }),
  }),
  events: z.array(z.object({ at_s: z.number(), what: z.string() })),
  commentary: z.array(z.object({ start_s: z.number(), end_s: z.number(), text: z.string().min(1) })),
})

const json = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'))
const take = takeSchema.parse(json('take.json'))
const truth = truthSchema.parse(json('truth.json'))

const column = (m: readonly number[], i: number): number[] => m.slice(i * 4, i * 4 + 3)
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0)

describe('the sample take', () => {
  it('is what its manifest says, to the byte', () => {
    for (const { path, bytes, sha256 } of take.files) {
      const content = readFileSync(join(root, path))
      expect({ path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }).toEqual({
        path,
        bytes,
        sha256,
      })
    }
  })

  it('holds no file that the manifest leaves out, but those that describe it', () => {
    const found = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .filter((path) => !path.startsWith('generate') && path !== 'take.json' && path !== 'README.md')
    expect(found.toSorted()).toEqual(take.files.map((file) => file.path).toSorted())
  })

  it('stays under 8 MB', () => {
    const total = take.files.reduce((sum, file) => sum + file.bytes, 0)
    expect(total).toBe(take.total_bytes)
    expect(total).toBeLessThan(8 * MEGABYTE)
  })

  it('lists items that exist, each with its truth', () => {
    expect(take.items.map((item) => item.path).toSorted()).toEqual(Object.keys(truth.assets).toSorted())
    for (const { path } of take.items) {
      expect(take.files.some((file) => file.path === path || file.path.startsWith(`${path}/`))).toBe(true)
    }
  })

  it('measures from its reference, in rigid frames that keep +Y up', () => {
    expect(truth.assets['camera-a.mp4']).toMatchObject({ offset_s: 0, rate_ppm: 0 })
    expect(truth.reference).toBe('camera-a.mp4')
    const scans = [truth.assets.phone, truth.assets['room-scan.ply'], truth.assets['partial-scan.glb']]
    for (const { world_from_asset: m } of scans) {
      for (const i of [0, 1, 2]) {
        for (const j of [0, 1, 2]) expect(dot(column(m, i), column(m, j))).toBeCloseTo(i === j ? 1 : 0, 6)
      }
      expect(column(m, 1)[1]).toBeCloseTo(1, 9)
      expect([m[3], m[7], m[11], m[15]]).toEqual([0, 0, 0, 1])
    }
  })

  it('speaks and happens within the reference, in order and without talking over itself', () => {
    const { duration_s: end } = truth.assets['camera-a.mp4']
    for (const { at_s } of truth.events) expect(at_s > 0 && at_s < end).toBe(true)
    truth.commentary.forEach((line, i) => {
      expect(line.end_s).toBeGreaterThan(line.start_s)
      expect(line.start_s).toBeGreaterThanOrEqual(i === 0 ? 0 : truth.commentary[i - 1].end_s)
      expect(line.end_s).toBeLessThan(end)
    })
  })

  it('has a phone folder in which pictures, poses and depth belong together', () => {
    const rows = readFileSync(join(root, 'phone/odometry.csv'), 'utf8').trim().split('\n')
    expect(rows[0]).toBe('timestamp, frame, x, y, z, qx, qy, qz, qw')
    const frames = new Set(rows.slice(1).map((row) => row.split(', ')[1]))
    expect(frames.size).toBe(rows.length - 1)
    const depth = readdirSync(join(root, 'phone/depth'))
    expect(readdirSync(join(root, 'phone/confidence'))).toEqual(depth)
    for (const name of depth) expect(frames.has(name.replace('.png', ''))).toBe(true)
    expect(depth.length).toBeGreaterThan(40)
  })
})
