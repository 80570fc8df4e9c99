/**
 * Media: decoding an hour of AAC for alignment, its waveform, probing. The reference is ffmpeg alone decoding the same
 * file to nowhere on the same machine in the same minute.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeMono } from '../../electron/engine/media/decode-audio.ts'
import { computePeaks } from '../../electron/engine/media/peaks.ts'
import { buildLevels, encodePeaks } from '../../shared/media/peaks-format.ts'
import { probeMedia } from '../../electron/engine/media/probe.ts'
import { runTool } from '../../electron/engine/media/run-tool.ts'
import { requireTool, resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { makeClip } from '../fixtures/media/clips.ts'

const HOUR_SECONDS = 3_600
const signal = new AbortController().signal

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

export async function run(print: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'asterism-bench-media-'))
  try {
    const tools = await resolveMediaTools()
    const ffmpeg = requireTool(tools, 'ffmpeg')
    const sound = `anoisesrc=color=pink:seed=1:amplitude=0.4:sample_rate=48000:duration=${HOUR_SECONDS / 12}`
    const part = await makeClip(folder, 'part.m4a', '-f', 'lavfi', '-i', sound, '-ac', '2', '-b:a', '128k')
    const path = await makeClip(folder, 'hour.m4a', '-stream_loop', '11', '-i', part, '-c', 'copy')
    const probe = await probeMedia(path, tools, signal)
    const seconds = probe.durationSeconds ?? 0
    print(`media: ffmpeg ${ffmpeg.version} from ${ffmpeg.origin}, ${Math.round(seconds)} s of stereo AAC`)

    const plain = await secondsOf(() =>
      runTool(ffmpeg, ['-v', 'error', '-nostdin', '-i', path, '-f', 'null', '-'], {
        signal,
        timeoutMilliseconds: 600_000,
        stallMilliseconds: 600_000,
      }),
    )
    const line = (what: string, taken: number): void =>
      print(
        `media: ${what} ${taken.toFixed(2)} s, ${Math.round(seconds / taken)} x real time, ${(taken / plain).toFixed(2)} of plain ffmpeg`,
      )
    line('ffmpeg -f null (reference)', plain)
    for (const sampleRateHz of [8_000, 16_000]) {
      line(
        `decodeMono at ${sampleRateHz} Hz`,
        await secondsOf(() => decodeMono(tools, path, { sampleRateHz, signal, probe })),
      )
    }
    line('computePeaks', await secondsOf(() => computePeaks(tools, probe, { audioStreamIndex: 0, signal })))

    const base = Int16Array.from({ length: (HOUR_SECONDS * 48_000 * 2) / 256 }, (_, index) => (index * 7_919) % 32_000)
    const start = performance.now()
    const levels = buildLevels(base)
    encodePeaks({ sampleRateHz: 48_000, startSeconds: 0, samplesPerBucket: 256, factor: 4, levels })
    print(`media: coarser levels and file of an hour's waveform ${(performance.now() - start).toFixed(1)} ms`)
    const probing = await secondsOf(() => probeMedia(path, tools, signal))
    print(`media: probeMedia ${(probing * 1000).toFixed(0)} ms`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
