/**
 * Checks the committed take against its own truth, from the files alone: `node resources/sample/generate/check.ts`.
 * Time by cross-correlation of the decoded sound and by the lamp; space by the distance of depth and of the second
 * scan to the room scan; motion by the inertial samples against the poses. Fails when a limit is passed.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NodeIO } from '@gltf-transform/core'
import { KHRMaterialsUnlit } from '@gltf-transform/extensions'
import { decode } from 'fast-png'
import { brightnessStep, soundResiduals, startTimes } from './check-sound.ts'
import type { TimeTruth } from './check-sound.ts'
import type { Quat, Vec3 } from './linear.ts'
import { conjugate, cross, dot, length, multiplyQuat, normalize, rotate, scale, sub } from './linear.ts'

const root = dirname(import.meta.dirname)
interface Truth {
  readonly assets: Readonly<Record<string, TimeTruth & { world_from_asset: number[] }>>
  readonly events: readonly { at_s: number; what: string }[]
}
const truth = JSON.parse(readFileSync(join(root, 'truth.json'), 'utf8')) as Truth
let failures = 0

function expect(what: string, value: number, limit: number, unit: string): void {
  const ok = Math.abs(value) <= limit
  if (!ok) failures++
  console.log(`${ok ? 'ok  ' : 'BAD '} ${what}: ${value.toFixed(4)} ${unit} (limit ${limit})`)
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]
const apply = (m: readonly number[], p: Vec3): Vec3 => [
  m[0] * p[0] + m[4] * p[1] + m[8] * p[2] + m[12],
  m[1] * p[0] + m[5] * p[1] + m[9] * p[2] + m[13],
  m[2] * p[0] + m[6] * p[1] + m[10] * p[2] + m[14],
]

function readScan(): Vec3[] {
  const bytes = readFileSync(join(root, 'room-scan.ply'))
  const start = bytes.indexOf('end_header\n') + 11
  return Array.from({ length: (bytes.length - start) / 15 }, (_, i): Vec3 => {
    const at = start + i * 15
    return [bytes.readFloatLE(at), bytes.readFloatLE(at + 4), bytes.readFloatLE(at + 8)]
  })
}

/** Distance to the plane through the scan's points near p; undefined where they are few or no plane. */
function planeDistance(points: readonly Vec3[]): (p: Vec3) => number | undefined {
  const cell = 0.09
  const grid = new Map<string, Vec3[]>()
  const key = (x: number, y: number, z: number): string => `${x},${y},${z}`
  const index = (x: number): number => Math.floor(x / cell)
  for (const p of points) {
    const k = key(index(p[0]), index(p[1]), index(p[2]))
    const list = grid.get(k)
    if (list) list.push(p)
    else grid.set(k, [p])
  }
  return (p) => {
    const near: Vec3[] = []
    for (let x = -1; x <= 1; x++) {
      for (let y = -1; y <= 1; y++) {
        for (let z = -1; z <= 1; z++) {
          for (const q of grid.get(key(index(p[0]) + x, index(p[1]) + y, index(p[2]) + z)) ?? []) {
            if (length(sub(q, p)) < cell) near.push(q)
          }
        }
      }
    }
    if (near.length < 8) return undefined
    const centre = scale(
      near.reduce((s, q): Vec3 => [s[0] + q[0], s[1] + q[1], s[2] + q[2]], [0, 0, 0]),
      1 / near.length,
    )
    let best: Vec3 = [0, 1, 0]
    let least = Infinity
    for (let i = 0; i < 24; i++) {
      const a = near[(i * 7) % near.length]
      const b = near[(i * 11 + 3) % near.length]
      const n = normalize(cross(sub(a, centre), sub(b, centre)))
      const spread = near.reduce((s, q) => s + Math.abs(dot(n, sub(q, centre))), 0) / near.length
      if (spread < least) {
        least = spread
        best = n
      }
    }
    return least > 0.008 ? undefined : dot(best, sub(p, centre))
  }
}

interface PoseRow {
  readonly time: number
  readonly position: Vec3
  /** Camera axes: x right, y up, z backward. */
  readonly rotation: Quat
}

function readTable(name: string): number[][] {
  const lines = readFileSync(join(root, 'phone', name), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
  return lines.map((line) => line.split(',').map(Number))
}

function checkTime(): void {
  for (const [name, file] of [
    ['camera-b.mp4', 'camera-b.mp4'],
    ['microphone.flac', 'microphone.flac'],
    ['phone', 'phone/rgb.mp4'],
  ]) {
    const found = soundResiduals(join(root, 'camera-a.mp4'), join(root, file), truth.assets[name])
    console.log(`     ${file}: ${found.map((f) => f.ms.toFixed(3)).join(' ')} ms`)
    expect(`${file} sound against camera A, worst window`, Math.max(...found.map((f) => Math.abs(f.ms))), 1, 'ms')
  }
  const lamp = truth.events.find((e) => e.what.includes('lamp'))?.at_s ?? NaN
  for (const [name, file] of [
    ['camera-a.mp4', 'camera-a.mp4'],
    ['camera-b.mp4', 'camera-b.mp4'],
    ['phone', 'phone/rgb.mp4'],
  ]) {
    console.log(`     ${file}: ${startTimes(join(root, file))}`)
    const t = truth.assets[name]
    const rate = 1 + t.rate_ppm * 1e-6
    const expected = (lamp + 0.11 - t.offset_s) / rate
    const seen = brightnessStep(join(root, file), expected - 0.35, expected + 0.35)
    expect(
      `${file} lamp seen on camera A's clock, from the expected moment`,
      t.offset_s + rate * seen - lamp - 0.11,
      0.06,
      's',
    )
  }
}

async function checkSpace(poses: readonly PoseRow[], off: (p: Vec3) => number | undefined): Promise<void> {
  const errors: number[] = []
  const { world_from_asset: worldFromPhone } = truth.assets.phone
  const [[fx, , cx], [, fy, cy]] = readFileSync(join(root, 'phone/camera_matrix.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((l) => l.split(',').map(Number))
  const names = readdirSync(join(root, 'phone/depth'))
  for (const name of names) {
    const depth = decode(readFileSync(join(root, 'phone/depth', name)))
    const trust = decode(readFileSync(join(root, 'phone/confidence', name)))
    const k = depth.width / (2 * cx)
    const pose = poses[Number(name.slice(0, 6))]
    for (let i = 0; i < depth.data.length; i += 37) {
      if (trust.data[i] < 2) continue
      const z = depth.data[i] / 1000
      const local: Vec3 = [
        (((i % depth.width) + 0.5 - cx * k) / (fx * k)) * z,
        (-(Math.floor(i / depth.width) + 0.5 - cy * k) / (fy * k)) * z,
        -z,
      ]
      const p = rotate(pose.rotation, local)
      const e = off(apply(worldFromPhone, [p[0] + pose.position[0], p[1] + pose.position[1], p[2] + pose.position[2]]))
      if (e !== undefined) errors.push(Math.abs(e))
    }
  }
  console.log(`     depth: ${names.length} pictures, ${errors.length} pixels compared`)
  expect('depth to room scan, median', median(errors), 0.02, 'm')
  const document = await new NodeIO().registerExtensions([KHRMaterialsUnlit]).read(join(root, 'partial-scan.glb'))
  const [primitive] = document.getRoot().listMeshes()[0].listPrimitives()
  const xyz = primitive.getAttribute('POSITION')?.getArray() ?? []
  const distances: number[] = []
  for (let i = 0; i < xyz.length; i += 9) {
    const e = off(apply(truth.assets['partial-scan.glb'].world_from_asset, [xyz[i], xyz[i + 1], xyz[i + 2]]))
    if (e !== undefined) distances.push(e)
  }
  console.log(
    `     second scan: ${xyz.length / 3} vertices, ${(primitive.getIndices()?.getCount() ?? 0) / 3} triangles`,
  )
  expect('second scan to room scan, median distance', median(distances.map(Math.abs)), 0.02, 'm')
}

function checkMotion(poses: readonly PoseRow[]): void {
  const imu = readTable('imu.csv')
  const rateError: number[] = []
  const rateSize: number[] = []
  const pullError: number[] = []
  for (let k = 3; k < poses.length - 3; k++) {
    const [a, , b] = [poses[k - 1], poses[k], poses[k + 1]]
    const within = imu.filter((row) => row[0] >= a.time - 1e-9 && row[0] <= b.time + 1e-9)
    const mean = (c: number): number => within.reduce((s, row) => s + row[c], 0) / within.length
    // Core Motion's axes (portrait) to the camera's (landscape): x = -y, y = x.
    const rate: Vec3 = [-mean(5), mean(4), mean(6)]
    const turn = multiplyQuat(conjugate(a.rotation), b.rotation)
    const sign = turn[3] < 0 ? -2 : 2
    const expected = scale([turn[0], turn[1], turn[2]], sign / (b.time - a.time))
    rateError.push(length(sub(rate, expected)))
    rateSize.push(length(expected))
    const pull = rotate(poses[k].rotation, [-mean(2), mean(1), mean(3)])
    const v1 = scale(sub(poses[k + 3].position, poses[k].position), 1 / (poses[k + 3].time - poses[k].time))
    const v0 = scale(sub(poses[k].position, poses[k - 3].position), 1 / (poses[k].time - poses[k - 3].time))
    const acceleration = scale(sub(v1, v0), 1 / (poses[k + 3].time - poses[k].time))
    pullError.push(length(sub(pull, [-acceleration[0], -9.80665 - acceleration[1], -acceleration[2]])))
  }
  expect('gyroscope against poses, median', median(rateError), 0.06, 'rad/s')
  console.log(`     turning, median: ${median(rateSize).toFixed(3)} rad/s`)
  expect('accelerometer against poses and gravity, median', median(pullError), 0.5, 'm/s2')
}

const poses = readTable('odometry.csv').map(([time, , x, y, z, qx, qy, qz, qw]): PoseRow => {
  return { time, position: [x, y, z], rotation: multiplyQuat([qx, qy, qz, qw], [1, 0, 0, 0]) }
})
await checkSpace(poses, planeDistance(readScan()))
checkMotion(poses)
checkTime()
process.exitCode = failures > 0 ? 1 : 0
