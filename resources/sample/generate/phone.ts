/**
 * The phone's capture folder in Stray Scanner's layout: odometry, inertial samples, depth and confidence pictures.
 * Poses are camera poses in OpenCV axes (x right, y down, z forward) and inertial samples are in Core Motion's axes and
 * sign, as that app writes them.
 */
import { CLOCKS, sceneTime } from './clocks.ts'
import { depthFrom } from './depth-view.ts'
import { PHONE_FROM_DESIGN } from './frames.ts'
import { grayPng } from './gray-png.ts'
import type { Quat, Vec3 } from './linear.ts'
import { compose, conjugate, multiplyQuat, rotate, scale, sub } from './linear.ts'
import { phoneAt } from './motion.ts'
import { limbsAt } from './person.ts'
import { randomFor, valueNoise } from './random.ts'
import type { Scene } from './scene.ts'
import { VIEWS } from './views.ts'

export const DEPTH_EVERY = 6
export const DEPTH_SIZE = { width: 192, height: 144 }
export const IMU_HZ = 100
const GRAVITY = 9.80665

const { phone } = VIEWS
export const PHONE_FOCAL = phone.height / 2 / Math.tan(phone.fieldOfView / 2)
const frames = Math.round(phone.clock.durationSeconds * phone.framesPerSecond)
const HALF_TURN_X: Quat = [1, 0, 0, 0]

export interface CaptureFile {
  readonly path: string
  readonly bytes: Buffer
}

const number = (x: number, digits: number): string => (Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x).toFixed(digits)
const frameName = (i: number): string => String(i).padStart(6, '0')

function odometry(): string {
  const rows = ['timestamp, frame, x, y, z, qx, qy, qz, qw']
  for (let i = 0; i < frames; i++) {
    const at = i / phone.framesPerSecond
    const p = compose(PHONE_FROM_DESIGN, phoneAt(sceneTime(CLOCKS.phone, at)))
    const q = multiplyQuat(p.rotation, HALF_TURN_X)
    rows.push(
      [number(at, 6), frameName(i), ...p.position.map((x) => number(x, 6)), ...q.map((x) => number(x, 7))].join(', '),
    )
  }
  return `${rows.join('\n')}\n`
}

/** Core Motion's axes (x right, y up, z out of the screen of a phone held upright) from the landscape camera's. */
const coreMotion = ([x, y, z]: Vec3): Vec3 => [y, -x, z]

/**
 * What the phone's accelerometer and gyroscope feel, in Core Motion's axes, by central differences of the motion: the
 * pull of gravity minus the acceleration (m/s^2), so that a phone at rest reads (0, -9.81, 0) upright; rad/s.
 */
function inertialAt(t: number): { pull: Vec3; rate: Vec3 } {
  const h = 0.004
  const before = phoneAt(t - h)
  const now = phoneAt(t)
  const after = phoneAt(t + h)
  const acceleration = scale(sub(sub(after.position, now.position), sub(now.position, before.position)), 1 / (h * h))
  const pull = rotate(conjugate(now.rotation), [-acceleration[0], -GRAVITY - acceleration[1], -acceleration[2]])
  const turn = multiplyQuat(conjugate(before.rotation), after.rotation)
  const sine = Math.hypot(turn[0], turn[1], turn[2])
  const angle = 2 * Math.atan2(sine, Math.abs(turn[3]))
  const k = sine > 1e-12 ? (Math.sign(turn[3]) * angle) / (sine * 2 * h) : 0
  return { pull: coreMotion(pull), rate: coreMotion([turn[0] * k, turn[1] * k, turn[2] * k]) }
}

function imu(): string {
  const r = randomFor('imu')
  const bias = { pull: [0.018, -0.011, 0.024], rate: [0.0012, -0.0007, 0.0009] }
  const rows = ['timestamp, a_x, a_y, a_z, alpha_x, alpha_y, alpha_z']
  const count = Math.round(phone.clock.durationSeconds * IMU_HZ)
  for (let i = 0; i < count; i++) {
    const at = i / IMU_HZ
    const { pull, rate } = inertialAt(sceneTime(CLOCKS.phone, at))
    const f = pull.map((x, c) => number(x + bias.pull[c] + 0.02 * r.normal(), 4))
    const w = rate.map((x, c) => number(x + bias.rate[c] + 0.0015 * r.normal(), 5))
    rows.push([number(at, 3), ...f, ...w].join(', '))
  }
  return `${rows.join('\n')}\n`
}

/** Depth in millimetres with the sensor's smooth error, and how far to trust it (0, 1, 2). */
function depthPictures(scene: Scene): CaptureFile[] {
  const { width, height } = DEPTH_SIZE
  const camera = { width, height, focal: (PHONE_FOCAL * height) / phone.height }
  const r = randomFor('depth')
  const out: CaptureFile[] = []
  for (let frame = 0; frame < frames; frame += DEPTH_EVERY) {
    const t = sceneTime(CLOCKS.phone, frame / phone.framesPerSecond)
    const limbs = limbsAt(t).filter((l) => l.part === 'arm' || l.part === 'leg' || l.part === 'cup')
    const { depth, facing } = depthFrom(scene, phoneAt(t), camera, limbs)
    const millimetres = new Uint16Array(width * height)
    const confidence = new Uint8Array(width * height)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const k = y * width + x
        const d = depth[k]
        if (d === 0) continue
        let step = 0
        for (const n of [
          x > 0 ? k - 1 : k,
          x < width - 1 ? k + 1 : k,
          y > 0 ? k - width : k,
          y < height - 1 ? k + width : k,
        ]) {
          step = Math.max(step, Math.abs(depth[n] - d))
        }
        const smooth = (valueNoise(x / 11, y / 11, frame) - 0.5) * (0.004 + 0.0022 * d * d)
        millimetres[k] = Math.round(1000 * (d + smooth + 0.0007 * r.normal()))
        const edge = step > 0.08 + 0.05 * d
        confidence[k] = edge && facing[k] < 0.2 ? 0 : edge || facing[k] < 0.22 || d > 4.3 ? 1 : 2
      }
    }
    out.push({ path: `depth/${frameName(frame)}.png`, bytes: grayPng(width, height, millimetres) })
    out.push({ path: `confidence/${frameName(frame)}.png`, bytes: grayPng(width, height, confidence) })
  }
  return out
}

/** Everything in the folder but rgb.mp4. */
export function phoneFiles(scene: Scene): CaptureFile[] {
  const f = number(PHONE_FOCAL, 6)
  const matrix = [
    [f, '0.0', number(phone.width / 2, 1)],
    ['0.0', f, number(phone.height / 2, 1)],
    ['0.0', '0.0', '1.0'],
  ]
  return [
    { path: 'camera_matrix.csv', bytes: Buffer.from(`${matrix.map((row) => row.join(', ')).join('\n')}\n`) },
    { path: 'odometry.csv', bytes: Buffer.from(odometry()) },
    { path: 'imu.csv', bytes: Buffer.from(imu()) },
    ...depthPictures(scene),
  ]
}
