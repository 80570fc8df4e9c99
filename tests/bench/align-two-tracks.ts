/** Aligns two files of float32 samples at 16 kHz in a process of its own, so that time and memory are its alone. */
import { openSync, readSync, statSync } from 'node:fs'
import { alignAudio } from '../../shared/signal/align-audio.ts'

function read(path: string): Float32Array {
  const samples = new Float32Array(statSync(path).size / 4)
  const file = openSync(path, 'r')
  const bytes = new Uint8Array(samples.buffer)
  for (let at = 0; at < bytes.length;) at += readSync(file, bytes, at, Math.min(bytes.length - at, 1 << 26), null)
  return samples
}

const [a, b] = process.argv.slice(2, 4).map(read)
const cpu = process.cpuUsage()
const start = performance.now()
const answer = await alignAudio(a!, b!, 16_000)
const wallSeconds = (performance.now() - start) / 1e3
const used = process.cpuUsage(cpu)
console.log(
  JSON.stringify({
    cpuSeconds: (used.user + used.system) / 1e6,
    wallSeconds,
    megabytes: process.resourceUsage().maxRSS / 1e3,
    offsetSeconds: answer.aligned ? answer.offsetSeconds : null,
    ratePpm: answer.aligned ? answer.ratePpm : null,
  }),
)
