/** The chosen buyer's demands of size, format and alignment. */
import { join } from 'node:path'
import type { Stream } from '../../../../shared/document/records.ts'
import { inputArguments, runTool } from '../../media/run-tool.ts'
import type { MediaTool } from '../../media/tools.ts'
import { movingPicture, type ProbedStream, type RecordingProbe } from '../package/recording-probe.ts'
import type { BuyerProfile } from '../profiles/index.ts'
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { say, type Saying, type Wording } from '../../../../shared/sayings/saying.ts'
import { finding, some, type CheckContext, type PackageCheck } from './check.ts'

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

/** What a buyer takes one of. */
const oneOf = (wanted: readonly Wording[]): Wording => wanted.reduce((one, other) => say('check.or', { one, other }))

function* videoFaults(stream: ProbedStream, probe: RecordingProbe, demands: VideoDemands): Generator<Saying> {
  const upright = stream.rotationDegrees % 180 === 0
  const [width, height] = upright ? [stream.width, stream.height] : [stream.height, stream.width]
  if (!demands.containers.some((container) => probe.container.split(',').includes(container))) {
    yield say('check.container', { found: probe.container, wanted: oneOf(demands.containers) })
  }
  if (!demands.codecs.includes(stream.codec)) {
    yield say('check.codec', { found: stream.codec, wanted: oneOf(demands.codecs) })
  }
  if (width * height < demands.minPixels) {
    yield say('check.pixels', { width: `${width}`, height: `${height}`, megapixels: demands.minPixels / 1e6 })
  }
  if (stream.framesPerSecond < demands.minFramesPerSecond * RATE_TOLERANCE) {
    yield say('check.rate', { found: fixedAmount(stream.framesPerSecond, 2), wanted: demands.minFramesPerSecond })
  }
  if (bitDepth(stream.pixelFormat) > demands.maxBitDepth) {
    yield say('check.bits', { found: stream.pixelFormat, wanted: demands.maxBitDepth })
  }
  if (!demands.hdr && HDR_TRANSFERS.has(stream.transfer)) yield say('check.hdr')
  if (demands.landscape && width < height) yield say('check.upright')
  if (!demands.bFrames && stream.bFrames > 0) yield say('check.bFrames')
  if (probe.durationSeconds < demands.minSeconds || probe.durationSeconds > demands.maxSeconds) {
    const found = fixedAmount(probe.durationSeconds, 1)
    yield say('check.length', { found, least: `${demands.minSeconds}`, most: `${demands.maxSeconds}` })
  }
}

async function allVideoFaults(context: CheckContext, demands: VideoDemands): Promise<Saying[]> {
  const faults: Saying[] = []
  let videos = 0
  for (const asset of context.assets) {
    for (const [path, probe] of asset.probes) {
      const stream = movingPicture(probe)
      if (stream === undefined) continue
      videos++
      for (const fault of videoFaults(stream, probe, demands)) faults.push(say('check.of', { path, fault }))
      if (context.tools.ffprobe === null) continue
      const frames = await framesBetweenKeyframes(context.tools.ffprobe, join(context.directory, path), context.signal)
      if (frames > demands.maxFramesBetweenKeyframes) {
        const fault = say('check.keyFrames', { found: frames, wanted: demands.maxFramesBetweenKeyframes })
        faults.push(say('check.of', { path, fault }))
      }
    }
  }
  return videos === 0 ? [say('check.noVideo')] : faults
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
  sensor: 'imu' | 'pose',
  minHz: number,
  maxSyncSeconds: (video: Stream) => number,
): Saying[] {
  const title = say(`check.sensor.${sensor}`)
  const streams = context.assets.flatMap(({ asset }) => context.view.streamsOf(asset.id))
  const video = streams.find((stream) => stream.sensor === 'video')
  const found = streams.filter((stream) => stream.sensor === sensor && !stream.rotationUnknown)
  if (found.length === 0) return [say('check.noSensor', { sensor: title })]
  if (video === undefined) return [say('check.sensorAlone', { sensor: title })]
  const faultsOf = (stream: Stream): Saying[] => {
    const faults: Saying[] = []
    if ((stream.sampleRateHz ?? 0) < minHz * RATE_TOLERANCE) {
      const rate = stream.sampleRateHz
      const found = rate === undefined ? say('check.unknownRate') : fixedAmount(rate, 1)
      faults.push(say('check.sensorRate', { sensor: title, found, wanted: minHz }))
    }
    const sigma = syncSigmaSeconds(context, stream, video)
    const limit = maxSyncSeconds(video)
    if (sigma === null) faults.push(say('check.sensorLoose', { sensor: title }))
    else if (sigma > limit) {
      const [found, wanted] = [fixedAmount(sigma * 1000, 2), fixedAmount(limit * 1000, 2)]
      faults.push(say('check.sensorOff', { sensor: title, found, wanted }))
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
    const faults: Saying[] = []
    if (profile.video !== undefined) faults.push(...(await allVideoFaults(context, profile.video)))
    if (profile.imu !== undefined) {
      const { minHz, maxSyncSeconds } = profile.imu
      faults.push(...sensorFaults(context, 'imu', minHz, () => maxSyncSeconds))
    }
    if (profile.pose !== undefined) {
      const { minHz, maxSyncFrames } = profile.pose
      faults.push(
        ...sensorFaults(context, 'pose', minHz, ({ frameRate }) =>
          frameRate === undefined ? 0 : (maxSyncFrames * frameRate.denominator) / frameRate.numerator,
        ),
      )
    }
    if (faults.length === 0) return finding(true, say('check.fits', { profile: profile.title }))
    const detail = say('check.fitsNot', { profile: profile.title, faults: some(faults) })
    return finding(false, detail, say('check.fix.fitsNot'))
  },
}
