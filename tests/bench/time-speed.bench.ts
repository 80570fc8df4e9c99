/** What alignment of long recordings costs: decoded tracks beside scipy in the same run, and whole files from the command line. */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SeededRandom } from '../fixtures/time/random.ts'
import { sampleAt } from '../fixtures/time/scene.ts'
import { speechLike } from '../fixtures/time/sources.ts'
import { held } from './time-judging.ts'

type Print = (line: string) => void

const RATE = 16_000
const JUDGING_SEED = 8000
const RATE_PPM = 61
/** A second of sound is drawn at a time: four hours need no more memory than one. */
const PART_SECONDS = 600

/** Two microphones at one voice, each with noise of its own at 10 dB; written part by part. */
function writeTracks(folder: string, minutes: number): { paths: [string, string]; offsetSeconds: number } {
  const seconds = minutes * 60
  const offsetSeconds = 31.234
  const paths: [string, string] = [join(folder, `${minutes}-a.f32`), join(folder, `${minutes}-b.f32`)]
  const voice = speechLike(seconds + offsetSeconds + 1, RATE, JUDGING_SEED + minutes)
  for (const [which, path] of paths.entries()) {
    const random = new SeededRandom(JUDGING_SEED + minutes * 10 + which)
    const scale = which === 0 ? 1 : 1 + RATE_PPM * 1e-6
    const file = openSync(path, 'w')
    for (let from = 0; from < seconds; from += PART_SECONDS) {
      const count = Math.min(PART_SECONDS, seconds - from) * RATE
      const start = which === 0 ? from : offsetSeconds + from * scale
      const part =
        which === 0 ? voice.slice(from * RATE, from * RATE + count) : sampleAt(voice, RATE, count, start, scale)
      for (let index = 0; index < count; index++) part[index] = 0.1 * (part[index]! + 0.55 * (random.next() - 0.5) * 2)
      writeSync(file, new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
    }
    closeSync(file)
  }
  return { paths, offsetSeconds }
}

const SCIPY = `
import sys, time
import numpy as np
from scipy import signal
a = np.fromfile(sys.argv[1], dtype=np.float32)
b = np.fromfile(sys.argv[2], dtype=np.float32)
start = time.perf_counter()
cpu = time.process_time()
c = signal.correlate(a, b, mode='full', method='fft')
lag = int(np.argmax(np.abs(c))) - (len(b) - 1)
print(time.perf_counter() - start, time.process_time() - cpu, lag / ${RATE})
`

/** scipy's FFT correlation of the same two tracks, which knows no drift; null where scipy is missing. */
function scipy(paths: readonly string[]): { wall: number; cpu: number; offset: number } | null {
  const run = spawnSync('python3', ['-c', SCIPY, ...paths], { encoding: 'utf8', timeout: 300_000 })
  if (run.status !== 0) return null
  const [wall, cpu, offset] = run.stdout.trim().split(' ').map(Number)
  return { wall: wall!, cpu: cpu!, offset: offset! }
}

/** @returns ns of processor a sample and log2 of the samples */
function tracks(print: Print, folder: string, minutes: number, withReference: boolean): number {
  const { paths, offsetSeconds } = writeTracks(folder, minutes)
  const script = join(import.meta.dirname, 'align-two-tracks.ts')
  const run = spawnSync(process.execPath, [script, ...paths], { encoding: 'utf8', timeout: 300_000 })
  if (run.status !== 0) throw new Error(run.stderr)
  const ours = JSON.parse(run.stdout) as Record<
    'cpuSeconds' | 'wallSeconds' | 'megabytes' | 'offsetSeconds' | 'ratePpm',
    number
  >
  const samples = minutes * 60 * RATE
  const unit = (ours.cpuSeconds / (samples * Math.log2(samples))) * 1e9
  const error = (ours.offsetSeconds - offsetSeconds) * 1e3
  const reference = withReference ? scipy(paths) : null
  print(
    `two tracks of ${minutes} min at 16 kHz: ${ours.cpuSeconds.toFixed(2)} s of processor (${unit.toFixed(2)} ns a sample and log2), ${ours.wallSeconds.toFixed(2)} s wall, ${ours.megabytes.toFixed(0)} MB in all, ` +
      `of which the samples ${((samples * 8) / 1e6).toFixed(0)}; error ${error.toFixed(4)} ms, ${(ours.ratePpm - RATE_PPM).toFixed(4)} ppm` +
      (reference
        ? `; scipy.signal.correlate (FFT): ${reference.cpu.toFixed(2)} s of processor, error ${((reference.offset - offsetSeconds) * 1e3).toFixed(1)} ms, no drift; ratio ${(ours.cpuSeconds / reference.cpu).toFixed(2)}`
        : withReference
          ? '; scipy cannot be imported here: no reference'
          : '; scipy would need more memory than this machine has'),
  )
  for (const path of paths) rmSync(path)
  if (minutes === 60) {
    held(print, '60 min from decoded 16 kHz in 3 s', `${ours.wallSeconds.toFixed(2)} s wall`, ours.wallSeconds < 3)
    held(print, '700 MB', `${ours.megabytes.toFixed(0)} MB`, ours.megabytes < 700)
  }
  if (reference) {
    const ratio = ours.cpuSeconds / reference.cpu
    held(print, 'faster than scipy, and with drift', `${ratio.toFixed(2)} of its processor time`, ratio < 1)
  }
  return unit
}

const MEASURED = `
import json, resource, subprocess, sys, time
start = time.perf_counter()
run = subprocess.run(sys.argv[1:], capture_output=True, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({'out': run.stdout, 'cpu': used.ru_utime + used.ru_stime, 'mb': used.ru_maxrss / 1e3, 'wall': time.perf_counter() - start}))
`

/** Two hours of AAC through the command line, everything included. */
function files(print: Print, folder: string): void {
  const { paths, offsetSeconds } = writeTracks(folder, 60)
  const encoded = paths.map((path) => {
    const file = path.replace('.f32', '.m4a')
    const input = ['-f', 'f32le', '-ar', String(RATE), '-ac', '1', '-i', path]
    spawnSync(process.env['ASTERISM_FFMPEG'] ?? 'ffmpeg', [
      '-v',
      'error',
      ...input,
      '-ar',
      '48000',
      '-b:a',
      '96k',
      file,
    ])
    rmSync(path)
    return file
  })
  // As `npm run asterism` starts it; what the very first start after an installation compiles is kept from then on.
  const asterism = [process.execPath, 'tools/run.mjs', 'electron/hosts/cli/main.ts']
  spawnSync(asterism[0]!, [...asterism.slice(1), 'help'])
  const command = [...asterism, 'sync-files', ...encoded, '--json']
  const run = spawnSync('python3', ['-c', MEASURED, ...command], { encoding: 'utf8', timeout: 300_000 })
  if (run.status !== 0) return print('two AAC files: python3 is not here, nothing was measured')
  const used = JSON.parse(run.stdout) as { out: string; cpu: number; mb: number; wall: number }
  const answer = JSON.parse(used.out) as { offset_s: number; rate_ppm: number }
  print(
    `two AAC files of 60 min, from the command line: ${used.wall.toFixed(1)} s wall, ${used.cpu.toFixed(1)} s of processor (ffmpeg included), ${used.mb.toFixed(0)} MB; error ${((answer.offset_s - offsetSeconds) * 1e3).toFixed(3)} ms, ${(answer.rate_ppm - RATE_PPM).toFixed(3)} ppm`,
  )
  held(print, '12 s from AAC files', `${used.wall.toFixed(1)} s`, used.wall < 12)
  held(print, '700 MB from AAC files', `${used.mb.toFixed(0)} MB`, used.mb < 700)
}

export async function run(print: Print): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'time-bench-'))
  try {
    const short = tracks(print, folder, 10, true)
    tracks(print, folder, 60, true)
    files(print, folder)
    const long = tracks(print, folder, 240, false)
    held(print, 'n log n from 10 min to 4 h', `${(long / short).toFixed(2)} times the cost a unit`, long < 1.2 * short)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
