/** The two files that describe the take: truth.json (what is so) and take.json (what to import, and its hashes). */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DeviceClock } from './clocks.ts'
import { CLOCKS, EVENTS } from './clocks.ts'
import { PHONE_FROM_DESIGN, WORLD_FROM_DESIGN, WORLD_FROM_PARTIAL, WORLD_FROM_PHONE } from './frames.ts'
import type { Pose } from './linear.ts'
import { compose, matrixOf } from './linear.ts'
import { CAMERA_B, cameraAAt } from './motion.ts'
import { DEPTH_EVERY, DEPTH_SIZE, IMU_HZ, PHONE_FOCAL } from './phone.ts'
import { SEED } from './random.ts'
import { SCAN_NOISE_METRES } from './room-scan.ts'
import type { SpokenLine } from './sound.ts'
import { VIEWS } from './views.ts'

const round = (x: number, digits: number): number => Number(x.toFixed(digits)) + 0
const rounded = (m: readonly number[]): number[] => m.map((x) => round(x, 9))
const IDENTITY: Pose = { position: [0, 0, 0], rotation: [0, 0, 0, 1] }

const time = (c: DeviceClock) => ({ offset_s: c.offsetSeconds, rate_ppm: c.ratePpm, duration_s: c.durationSeconds })

const picture = (v: (typeof VIEWS)[keyof typeof VIEWS]) => {
  const focal = round(v.height / 2 / Math.tan(v.fieldOfView / 2), 6)
  return {
    width: v.width,
    height: v.height,
    frames_per_second: v.framesPerSecond,
    fx: focal,
    fy: focal,
    cx: v.width / 2,
    cy: v.height / 2,
  }
}

function path(poseAt: (t: number) => Pose, clock: DeviceClock): number[][] {
  const rows: number[][] = []
  for (let t = 0; t <= clock.durationSeconds; t += 0.25) {
    const p = compose(WORLD_FROM_DESIGN, poseAt(clock.offsetSeconds + (1 + clock.ratePpm * 1e-6) * t))
    rows.push([round(t, 3), ...p.position.map((x) => round(x, 5)), ...p.rotation.map((x) => round(x, 6))])
  }
  return rows
}

export function truthFile(lines: readonly SpokenLine[]): string {
  const truth = {
    version: 1,
    seed: SEED,
    reference: 'camera-a.mp4',
    world: 'room-scan.ply',
    time_map: 't_reference = offset_s + (1 + rate_ppm * 1e-6) * t_asset, t in presentation seconds of the file',
    assets: {
      'camera-a.mp4': {
        ...time(CLOCKS.cameraA),
        picture: picture(VIEWS.cameraA),
        world_from_camera_path: path(cameraAAt, CLOCKS.cameraA),
      },
      'camera-b.mp4': {
        ...time(CLOCKS.cameraB),
        picture: picture(VIEWS.cameraB),
        world_from_camera: rounded(matrixOf(compose(WORLD_FROM_DESIGN, CAMERA_B))),
      },
      'microphone.flac': time(CLOCKS.microphone),
      phone: {
        ...time(CLOCKS.phone),
        world_from_asset: rounded(matrixOf(WORLD_FROM_PHONE)),
        picture: picture(VIEWS.phone),
        depth: {
          ...DEPTH_SIZE,
          every_frames: DEPTH_EVERY,
          focal: round((PHONE_FOCAL * DEPTH_SIZE.height) / VIEWS.phone.height, 6),
        },
        imu_hz: IMU_HZ,
      },
      'room-scan.ply': { world_from_asset: rounded(matrixOf(IDENTITY)), noise_m: SCAN_NOISE_METRES },
      'partial-scan.glb': { world_from_asset: rounded(matrixOf(WORLD_FROM_PARTIAL)) },
    },
    events: [
      { at_s: EVENTS.cupOnTable, what: 'the cup is put on the table' },
      ...EVENTS.claps.map((at_s) => ({ at_s, what: 'a clap' })),
      { at_s: EVENTS.lampOn, what: 'the lamp goes on' },
    ],
    commentary: lines.map((l) => ({ start_s: round(l.startSeconds, 3), end_s: round(l.endSeconds, 3), text: l.text })),
    world_from_design: rounded(matrixOf(WORLD_FROM_DESIGN)),
    phone_from_design: rounded(matrixOf(PHONE_FROM_DESIGN)),
  }
  // One line for a row of numbers, so that the file can be read and compared.
  const text = JSON.stringify(truth, null, 2)
  return `${text.replace(/\[\s+(-?[\d.e+-]+(?:,\s+-?[\d.e+-]+)*)\s+\]/g, (_, row: string) => `[${row.replace(/\s+/g, ' ')}]`)}\n`
}

/** What the demo imports, in this order. */
const ITEMS = [
  {
    path: 'camera-a.mp4',
    title: 'Head camera',
    kind: 'recording',
    says: 'A walk through the room, seen from the forehead',
  },
  { path: 'camera-b.mp4', title: 'Camera in the corner', kind: 'recording', says: 'The whole room from a tripod' },
  { path: 'microphone.flac', title: 'Lavalier microphone', kind: 'recording', says: 'The commentary, close' },
  { path: 'phone', title: 'Phone on the chest', kind: 'capture', says: 'Picture, poses, motion and depth' },
  { path: 'room-scan.ply', title: 'Room scan', kind: 'scan', says: 'Points of the whole room, in colour' },
  {
    path: 'partial-scan.glb',
    title: 'Second scan',
    kind: 'scan',
    says: 'A mesh of the western part of the room, made another day',
  },
]

const DESCRIPTIONS = new Set(['take.json', 'README.md'])

/** The committed files below `root` but those that describe them. */
function mediaFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) =>
      join(e.parentPath, e.name)
        .slice(root.length + 1)
        .split('\\')
        .join('/'),
    )
    .filter((p) => !p.startsWith('generate/') && !DESCRIPTIONS.has(p))
    .sort()
}

export function takeFile(root: string): string {
  const files = mediaFiles(root).map((path) => {
    const bytes = readFileSync(join(root, path))
    return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  })
  const take = {
    version: 1,
    title: 'A living room, walked through',
    description:
      'A person walks through a furnished room and says what there is to see. Two cameras, a microphone, a phone and two scans, each with a clock or a frame of its own.',
    licence: 'CC0-1.0',
    items: ITEMS,
    total_bytes: files.reduce((sum, f) => sum + f.bytes, 0),
    files,
  }
  const text = JSON.stringify(take, null, 2)
  return `${text.replace(/\{\s+"path": ("[^"]+"),\s+"bytes": (\d+),\s+"sha256": ("[0-9a-f]+")\s+\}/g, '{ "path": $1, "bytes": $2, "sha256": $3 }')}\n`
}
