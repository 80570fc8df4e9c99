/**
 * Makes the sample take: `node resources/sample/generate/main.ts`. Needs ffmpeg, espeak-ng and chromium, which the
 * program itself does not. Baked light, frames and sound are kept in a cache folder (SAMPLE_CACHE, else the system's
 * temporary folder), so that a change to one thing costs only that thing.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { encodeFlac, encodeVideo } from './encode.ts'
import { partialScanFile } from './partial-scan.ts'
import { phoneFiles } from './phone.ts'
import { renderViews } from './render.ts'
import { roomScanFile } from './room-scan.ts'
import { buildScene } from './scene.ts'
import { recordSound } from './sound.ts'
import { takeFile, truthFile } from './truth.ts'
import { VIEWS } from './views.ts'

const home = dirname(import.meta.dirname)
const cache = process.env.SAMPLE_CACHE ?? join(tmpdir(), 'asterism-sample-cache')
// The files take the place of the old ones when all of them are made.
const root = join(cache, 'take')
const started = performance.now()
const report = (line: string): void =>
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${line}`)

rmSync(root, { recursive: true, force: true })
mkdirSync(root, { recursive: true })
const scene = buildScene(cache, report)

for (const { path, bytes } of phoneFiles(scene)) {
  const file = join(root, 'phone', path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, bytes)
}
report('phone: poses, motion, depth')
writeFileSync(join(root, 'room-scan.ply'), roomScanFile(scene))
report('room scan')
writeFileSync(join(root, 'partial-scan.glb'), await partialScanFile(scene))
report('second scan')

const { recordings, lines } = recordSound(cache)
report('sound')
encodeFlac(recordings.microphone, cache, join(root, 'microphone.flac'), 'Lavalier microphone')

const frames = await renderViews(scene, Object.values(VIEWS), cache, report)
const film = (
  id: 'cameraA' | 'cameraB' | 'phone',
  out: string,
  quality: number,
  title: string,
  createdUtc: string,
): void => {
  const view = VIEWS[id]
  const folder = frames.get(view.id)
  if (!folder) throw new Error(`no frames of ${id}`)
  const options = { framesPerSecond: view.framesPerSecond, quality, audioKilobits: 72, title, createdUtc }
  encodeVideo(folder, recordings[id], cache, join(root, out), options)
  report(out)
}
film('cameraA', 'camera-a.mp4', 24.5, 'Head camera', '2026-05-16T09:12:04Z')
film('cameraB', 'camera-b.mp4', 25, 'Camera in the corner', '2026-05-16T09:12:07Z')
film('phone', 'phone/rgb.mp4', 27, 'Phone', '2026-05-16T09:12:06Z')

writeFileSync(join(root, 'truth.json'), truthFile(lines))
writeFileSync(join(root, 'take.json'), takeFile(root))
rmSync(join(home, 'phone'), { recursive: true, force: true })
cpSync(root, home, { recursive: true })
report('written; now checked against their own truth')
await import('./check.ts')
