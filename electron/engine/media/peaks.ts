/** Computes waveforms: the extremes of every 256 samples while the sound streams by, then the coarser levels. */
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { audioStream, clockFilter, countingFilter } from './decode-audio.ts'
import { buildLevels, PEAKS_FACTOR } from '../../../shared/media/peaks-format.ts'
import type { Peaks } from '../../../shared/media/peaks-format.ts'
import type { MediaProbe } from './probe.ts'
import { COMMON_ARGUMENTS, inputArguments, refuseFailure, runTool } from './run-tool.ts'
import { requireTool } from './tools.ts'
import type { MediaTools } from './tools.ts'

export interface PeaksOptions {
  /** Counts the file's audio streams from 0. */
  readonly audioStreamIndex: number
  readonly signal: AbortSignal
  /** 0 to 1. */
  readonly onProgress?: (fraction: number) => void
}

/** Raised whenever the same sound gives another file. */
export const PEAKS_VERSION = 3
const SAMPLES_PER_BUCKET = 256
/** Four bytes a bucket: two days at 48 kHz take 130 MB. */
const MAX_BUCKETS = 2 ** 25
const TIMEOUT_MILLISECONDS = 4 * 3600_000

/**
 * The waveform of one audio stream on the file's own time.
 *
 * @throws AsterismError `bad_input` (no such stream), `corrupt_file`, `too_large`, `tool_missing`, `timeout`, `cancelled`.
 */
export async function computePeaks(tools: MediaTools, probe: MediaProbe, options: PeaksOptions): Promise<Peaks> {
  const ffmpeg = requireTool(tools, 'ffmpeg')
  const stream = audioStream(probe, options.audioStreamIndex)
  const sampleRateHz = stream.sampleRateHz ?? 48_000
  const channels = Math.min(2, stream.channels ?? 1)
  const firstSample = Math.round((stream.startSeconds + probe.clockOriginSeconds) * sampleRateHz)
  const collector = new PeakCollector(SAMPLES_PER_BUCKET, channels)
  const expected = stream.durationSeconds === null ? null : stream.durationSeconds * sampleRateHz
  const filters = [...countingFilter(probe, stream), clockFilter(stream, sampleRateHz, firstSample)]
  const args = [
    ...COMMON_ARGUMENTS,
    '-v',
    'error',
    '-copyts',
    ...inputArguments(probe.path),
    '-map',
    `0:${stream.index}`,
  ]
  const output = ['-ac', String(channels), '-f', 's16le', '-flush_packets', '0', 'pipe:1']
  const result = await runTool(ffmpeg, [...args, '-af', filters.join(','), ...output], {
    signal: options.signal,
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    onStdout: (chunk) => {
      collector.push(chunk)
      if (collector.bucketCount > MAX_BUCKETS) {
        throw new AsterismError('too_large', say('media.longWaveform'), { path: probe.path })
      }
      if (expected) options.onProgress?.(Math.min(1, collector.sampleCount / expected))
    },
  })
  const hasOutput = collector.sampleCount > 0
  refuseFailure(result, say('tool.soundDecoded'), { path: probe.path, code: 'corrupt_file', hasOutput })
  if (!hasOutput) throw new AsterismError('corrupt_file', say('media.noSound'), { path: probe.path })
  options.onProgress?.(1)
  return {
    sampleRateHz,
    startSeconds: firstSample / sampleRateHz - probe.clockOriginSeconds,
    samplesPerBucket: SAMPLES_PER_BUCKET,
    factor: PEAKS_FACTOR,
    levels: buildLevels(collector.finish()),
  }
}

/** Takes interleaved 16-bit samples in chunks of any length, down to single bytes. */
export class PeakCollector {
  private buckets = new Int16Array(1 << 14)
  private filled = 0
  private minimum = 32_767
  private maximum = -32_768
  private inBucket = 0
  private readonly bucketValues: number
  private readonly channels: number
  private oddByte: number | null = null
  private values = 0

  constructor(samplesPerBucket: number, channels: number) {
    this.bucketValues = samplesPerBucket * channels
    this.channels = channels
  }

  get sampleCount(): number {
    return this.values / this.channels
  }

  get bucketCount(): number {
    return this.filled / 2
  }

  push(chunk: Uint8Array): void {
    let at = 0
    if (this.oddByte !== null && chunk.length > 0) {
      this.take(((chunk[0] << 24) >> 16) | this.oddByte)
      this.oddByte = null
      at = 1
    }
    const even = at + ((chunk.length - at) & ~1)
    const aligned = (chunk.byteOffset + at) % 2 === 0 ? chunk.subarray(at, even) : chunk.slice(at, even)
    const samples = new Int16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2)
    this.takeAll(samples)
    if (even < chunk.length) this.oddByte = chunk[even]
  }

  /** Minimum and maximum of each bucket in turn, the last one of what there was of it. */
  finish(): Int16Array {
    if (this.inBucket > 0) this.close()
    return this.buckets.slice(0, this.filled)
  }

  /** Bucket by bucket, with the extremes in locals: twice as fast as sample by sample. */
  private takeAll(samples: Int16Array): void {
    let at = 0
    while (at < samples.length) {
      const end = Math.min(samples.length, at + this.bucketValues - this.inBucket)
      let { minimum, maximum } = this
      for (let index = at; index < end; index++) {
        const value = samples[index]
        if (value < minimum) minimum = value
        if (value > maximum) maximum = value
      }
      this.minimum = minimum
      this.maximum = maximum
      this.values += end - at
      this.inBucket += end - at
      at = end
      if (this.inBucket === this.bucketValues) this.close()
    }
  }

  private take(value: number): void {
    if (value < this.minimum) this.minimum = value
    if (value > this.maximum) this.maximum = value
    this.values++
    if (++this.inBucket === this.bucketValues) this.close()
  }

  private close(): void {
    if (this.filled === this.buckets.length) {
      const larger = new Int16Array(this.buckets.length * 2)
      larger.set(this.buckets)
      this.buckets = larger
    }
    this.buckets[this.filled++] = this.minimum
    this.buckets[this.filled++] = this.maximum
    this.minimum = 32_767
    this.maximum = -32_768
    this.inBucket = 0
  }
}
