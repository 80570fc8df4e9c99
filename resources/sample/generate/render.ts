/** Draws the frames of a camera in a headless browser and keeps them as JPEG in the cache. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import type { DeviceClock } from './clocks.ts'
import { sceneTime } from './clocks.ts'
import type { Pose, Vec3 } from './linear.ts'
import { add, mix, scale } from './linear.ts'
import { bodyAt, lampLevel } from './motion.ts'
import type { start } from './page.ts'
import type { FrameRequest } from './packed-scene.ts'
import { packScene } from './packed-scene.ts'
import { cupAt, limbsAt } from './person.ts'
import type { Limb } from './person.ts'
import { randomFor } from './random.ts'
import type { Scene } from './scene.ts'
import { FRAME_KEY } from './scene.ts'
import { TOOLS } from './tools.ts'

export interface View {
  readonly id: string
  readonly clock: DeviceClock
  readonly framesPerSecond: number
  readonly width: number
  readonly height: number
  readonly fieldOfView: number
  poseAt(sceneSeconds: number): Pose
  /** Parts of the person that this camera sees. */
  readonly parts: readonly Limb['part'][]
}

function frameCount(view: View): number {
  return Math.round(view.clock.durationSeconds * view.framesPerSecond)
}

const AXES: readonly Vec3[] = [
  [1, 0, 0],
  [-1, 0, 0],
  [0, 1, 0],
  [0, -1, 0],
  [0, 0, 1],
  [0, 0, -1],
]

/** Light on the person along the path: probes each half second at chest height, read with linear interpolation. */
function pathProbes(scene: Scene): (t: number) => Vec3[] {
  const r = randomFor('probes')
  const from = -3
  const step = 0.5
  const table = Array.from({ length: 66 }, (_, i) => {
    const p = bodyAt(from + i * step).position
    return AXES.map((n) => scene.lighting.probe([p[0], 1.2, p[2]], n, r))
  })
  return (t) => {
    const x = Math.min(table.length - 1.001, Math.max(0, (t - from) / step))
    const i = Math.floor(x)
    const lamp = lampLevel(t)
    const at = (row: number, axis: number): Vec3 => add(table[row][axis].daylight, scale(table[row][axis].lamp, lamp))
    return AXES.map((_, axis) => mix(at(i, axis), at(i + 1, axis), x - i))
  }
}

function occludersAt(limbs: readonly Limb[], t: number): FrameRequest['occluders'] {
  const out: [number, number, number, number][] = []
  for (const limb of limbs) {
    if (limb.colour === 'shoe' && limb.part === 'leg')
      out.push([limb.position[0], limb.position[1], limb.position[2], 0.1])
  }
  const body = bodyAt(t).position
  out.push([body[0], 0.35, body[2], 0.15], [body[0], 0.8, body[2], 0.2], [body[0], 1.2, body[2], 0.22])
  const cup = cupAt(t).position
  out.push([cup[0], cup[1] + 0.03, cup[2], 0.04])
  return out
}

function requestAt(view: View, t: number, probes: (t: number) => Vec3[]): FrameRequest {
  const pose = view.poseAt(t)
  const limbs = limbsAt(t)
  return {
    width: view.width,
    height: view.height,
    fieldOfView: view.fieldOfView,
    position: pose.position,
    rotation: pose.rotation,
    lampLevel: lampLevel(t),
    limbs: limbs.filter((l) => view.parts.includes(l.part)),
    ambientCube: probes(t),
    occluders: occludersAt(limbs, t),
  }
}

async function pageScript(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    build: {
      write: false,
      minify: false,
      lib: { entry: join(import.meta.dirname, 'page.ts'), formats: ['es'], fileName: 'page' },
    },
  })
  const outputs = Array.isArray(result) ? result : [result]
  for (const o of outputs) if ('output' in o) return o.output[0].code
  throw new Error('the page did not build')
}

/** What the page offers once it has started: a frame as a data URL. */
type PageDraw = Awaited<ReturnType<typeof start>>

/** A browser with the scene loaded; `draw` gives JPEG bytes. */
async function openStudio(
  scene: Scene,
): Promise<{ draw(...request: Parameters<PageDraw>): Promise<Buffer>; close(): Promise<void> }> {
  const { description, arrays } = packScene(scene)
  const browser = await chromium.launch({
    executablePath: TOOLS.chromium,
    args: [
      '--no-sandbox',
      '--use-angle=swiftshader',
      '--use-gl=angle',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
    ],
  })
  const page: Page = await browser.newPage()
  const script = await pageScript()
  // Nothing is served: the page's few requests are answered from memory.
  await page.route('http://sample.invalid/**', async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1)
    const bytes = arrays.get(name)
    if (name === 'page.js') await route.fulfill({ contentType: 'text/javascript', body: script })
    else if (bytes) await route.fulfill({ contentType: 'application/octet-stream', body: Buffer.from(bytes) })
    else await route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>sample</title>' })
  })
  await page.goto('http://sample.invalid/')
  await page.evaluate(
    `(async () => {
      const { start } = await import('/page.js')
      window.draw = await start({
        loadScene: async () => (${JSON.stringify(description)}),
        bytes: async (name) => (await fetch('/' + name)).arrayBuffer(),
      })
    })()`,
  )
  return {
    async draw(...[request]) {
      const url = await page.evaluate<ReturnType<PageDraw>>(`window.draw(${JSON.stringify(request)})`)
      return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
    },
    close: () => browser.close(),
  }
}

/** All frames of the views, rendered or found in the cache; gives the folder of each view's frames. */
export async function renderViews(
  scene: Scene,
  views: readonly View[],
  cache: string,
  report: (line: string) => void,
): Promise<Map<string, string>> {
  const folders = new Map<string, string>()
  const nameOf = (i: number): string => `${String(i).padStart(5, '0')}.jpg`
  const missing: { view: View; index: number; file: string }[] = []
  for (const view of views) {
    const shape = createHash('sha256')
      .update(JSON.stringify([view.width, view.height, view.fieldOfView, view.framesPerSecond]))
      .digest('hex')
    const folder = join(cache, `frames-${view.id}-${FRAME_KEY}-${shape.slice(0, 6)}`)
    mkdirSync(folder, { recursive: true })
    folders.set(view.id, folder)
    for (let index = 0; index < frameCount(view); index++) {
      const file = join(folder, nameOf(index))
      if (!existsSync(file) || readFileSync(file).length === 0) missing.push({ view, index, file })
    }
  }
  if (missing.length === 0) return folders
  // Every eighth frame of all views first: faults show early.
  missing.sort((a, b) => Number(a.index % 8 > 0) - Number(b.index % 8 > 0))
  const probes = pathProbes(scene)
  const studio = await openStudio(scene)
  try {
    let done = 0
    const started = performance.now()
    for (const { view, index, file } of missing) {
      const t = sceneTime(view.clock, index / view.framesPerSecond)
      writeFileSync(file, await studio.draw(requestAt(view, t, probes)))
      if (++done % 100 === 0) {
        const rate = (done * 1000) / (performance.now() - started)
        report(`frames: ${done} of ${missing.length}, ${rate.toFixed(1)} a second (${view.id})`)
      }
    }
  } finally {
    await studio.close()
  }
  return folders
}
