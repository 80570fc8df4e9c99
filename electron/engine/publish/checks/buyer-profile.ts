/** The chosen buyer's demands of size, format and alignment. */
import { join } from 'node:path'
import type { Sensor, Stream } from '../../../../shared/document/records.ts'
import { inputArguments, runTool } from '../../media/run-tool.ts'
import type { MediaTool } from '../../media/tools.ts'
import { movingPicture, type ProbedStream, type RecordingProbe } from '../package/recording-probe.ts'
import type { BuyerProfile } from '../profiles/index.ts'
import { some, type CheckContext, type PackageCheck } from './check.ts'

/** Devices miss their nominal rate by a little. */
const RATE_TOLERANCE = 0.99
/** Of the recording's beginning, in which the distance between key frames is measured. */
const KEYFRAME_SECONDS = 60
const TIMEOUT_MILLISECONDS = 120_000
const HDR_TRANSFERS = new Set(['smpte2084', 'arib-std-b67'])

type VideoDemands = NonNullable<BuyerProfile['video']>

function bitDepth(pixelFormat: string): number {
  return Number(/p(9|10|12|14|16)(le|be)?$/.exec(pixelFormat)?.[1] ?? (/^p01\d/.test(pixelFormat) ? 10 : 8))
}

/** The longest run of frames from one key frame to the next. */
async function framesBetweenKeyframes(ffprobe: MediaTool, path: string, signal: AbortSignal): Promise<number> {
  const result = await runTool(
    ffprobe,
    [
      ...'-v error -select_streams v:0 -show_entries packet=flags -of csv=p=0'.split(' '),
      '-read_intervals',
      `%+${KEYFRAME_SECONDS}`,
      ...inputArguments(path),
    ],
    { signal, timeoutMilliseconds: TIMEOUT_MILLISECONDS },
  )
  let longest = 0
  let run = 0
  for (const line of result.stdout.toString('latin1').split('\n').filter(Boolean)) {
    run = line.startsWith('K') ? 1 : run + 1
    longest = Math.max(longest, run)
  }
  return longest
}

function* videoFaults(stream: ProbedStream, probe: RecordingProbe, demands: VideoDemands): Generator<string> {
  const upright = stream.rotationDegrees % 180 === 0
  const [width, height] = upright ? [stream.width, stream.height] : [stream.height, stream.width]
  if (!demands.containers.some((container) => probe.container.split(',').includes(container))) {
    yield `container ${probe.container}, wanted ${demands.containers.join(' or ')}`
  }
  if (!demands.codecs.includes(stream.codec)) yield `codec ${stream.codec}, wanted ${demands.codecs.join(' or ')}`
  if (width * height < demands.minPixels) yield `${width} x ${height}, wanted ${demands.minPixels / 1e6} megapixels`
  if (stream.framesPerSecond < demands.minFramesPerSecond * RATE_TOLERANCE) {
    yield `${stream.framesPerSecond.toFixed(2)} fps, wanted ${demands.minFramesPerSecond}`
  }
  if (bitDepth(stream.pixelFormat) > demands.maxBitDepth)
    yield `${stream.pixelFormat}, wanted ${demands.maxBitDepth} bit`
  if (!demands.hdr && HDR_TRANSFERS.has(stream.transfer)) yield 'HDR, wanted SDR'
  if (demands.landscape && width < height) yield 'upright, wanted landscape'
  if (!demands.bFrames && stream.bFrames > 0) yield 'it has B-frames'
  if (probe.durationSeconds < demands.minSeconds || probe.durationSeconds > demands.maxSeconds) {
    yield `${probe.durationSeconds.toFixed(1)} s, wanted ${demands.minSeconds} to ${demands.maxSeconds} s`
  }
}

async function allVideoFaults(context: CheckContext, demands: VideoDemands): Promise<string[]> {
  const faults: string[] = []
  let videos = 0
  for (const asset of context.assets) {
    for (const [path, probe] of asset.probes) {
      const stream = movingPicture(probe)
      if (stream === undefined) continue
      videos++
      for (const fault of videoFaults(stream, probe, demands)) faults.push(`${path}: ${fault}`)
      if (context.tools.ffprobe === null) continue
      const frames = await framesBetweenKeyframes(context.tools.ffprobe, join(context.directory, path), context.signal)
      if (frames > demands.maxFramesBetweenKeyframes) {
        faults.push(`${path}: ${frames} frames between key frames, wanted ${demands.maxFramesBetweenKeyframes}`)
      }
    }
  }
  return videos === 0 ? ['there is no video'] : faults
}

/** How surely a stream lies against the first video, in seconds; null when one of them is not aligned. */
function syncSigmaSeconds({ view }: CheckContext, stream: Stream, video: Stream): number | null {
  if (stream.clockId === video.clockId) return 0
  const sigma = (clockId: string): number | null => {
    const map = view.timeMapOf(clockId)
    if (map !== undefined) return map.sigmaOffsetSeconds
    return clockId === view.project.referenceClockId ? 0 : null
  }
  const [own, other] = [sigma(stream.clockId), sigma(video.clockId)]
  return own === null || other === null ? null : Math.hypot(own, other)
}

function sensorFaults(
  context: CheckContext,
  sensor: Sensor,
  title: string,
  minHz: number,
  maxSyncSeconds: (video: Stream) => number,
): string[] {
  const streams = context.assets.flatMap(({ asset }) => context.view.streamsOf(asset.id))
  const video = streams.find((stream) => stream.sensor === 'video')
  const found = streams.filter((stream) => stream.sensor === sensor)
  if (found.length === 0) return [`there is no ${title}`]
  if (video === undefined) return [`there is no video to hold the ${title} against`]
  const faultsOf = (stream: Stream): string[] => {
    const faults: string[] = []
    if ((stream.sampleRateHz ?? 0) < minHz * RATE_TOLERANCE) {
      faults.push(`${title} at ${stream.sampleRateHz?.toFixed(1) ?? 'an unknown number of'} Hz, wanted ${minHz}`)
    }
    const sigma = syncSigmaSeconds(context, stream, video)
    const limit = maxSyncSeconds(video)
    if (sigma === null) faults.push(`${title} is not aligned with the video`)
    else if (sigma > limit) {
      faults.push(
        `${title} lies within ${(sigma * 1000).toFixed(2)} ms of the video, wanted ${(limit * 1000).toFixed(2)} ms`,
      )
    }
    return faults
  }
  // One stream that satisfies the buyer is enough; otherwise the best of them is told.
  return found.map(faultsOf).reduce((best, each) => (each.length < best.length ? each : best))
}

export const fitsBuyer: PackageCheck = {
  id: 'buyer-profile',
  blocking: true,
  async run(context) {
    const { profile } = context
    const faults: string[] = []
    if (profile.video !== undefined) faults.push(...(await allVideoFaults(context, profile.video)))
    if (profile.imu !== undefined) {
      const { minHz, maxSyncSeconds } = profile.imu
      faults.push(...sensorFaults(context, 'imu', 'IMU', minHz, () => maxSyncSeconds))
    }
    if (profile.pose !== undefined) {
      const { minHz, maxSyncFrames } = profile.pose
      faults.push(
        ...sensorFaults(context, 'pose', 'camera path', minHz, ({ frameRate }) =>
          frameRate === undefined ? 0 : (maxSyncFrames * frameRate.denominator) / frameRate.numerator,
        ),
      )
    }
    if (faults.length === 0) return { ok: true, detail: `The package fits: ${profile.title}.` }
    return {
      ok: false,
      detail: `The package does not fit "${profile.title}": ${some(faults)}.`,
      fix: 'Conform the recordings to the profile, or pack for no buyer in particular.',
    }
  },
}
