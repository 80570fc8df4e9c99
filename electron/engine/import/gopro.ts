/** GoPro recordings: the inertial telemetry beside picture and sound in an MP4 file, or alone as an extracted payload. */
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import type { ImuSamples } from '../../../shared/geometry/data.ts'
import { readRange, readWhole } from './byte-stream.ts'
import { gpmfRecords, gpmfSensors, type GpmfSensor } from './gpmf.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource, StreamDescription } from './importer.ts'
import { readMetadataTracks } from './iso-bmff.ts'
import { videoImporter } from './media-video.ts'
import { emptyFile, warning } from './refusals.ts'
import { asciiText } from './text-lines.ts'
import { imuSamples, TimedRows, timing } from './timed-rows.ts'

const MAX_PAYLOAD_BYTES = 16 << 20
const MAX_RAW_BYTES = 1 << 30
/** Payloads are made once a second at 29.97 or 59.94 pictures a second. */
const NOMINAL_PAYLOAD_SECONDS = 1.001

interface TimedPayload {
  readonly startSeconds: number
  readonly durationSeconds: number
  readonly sensors: readonly GpmfSensor[]
}

/** Accelerations and rotation rates come at rates of their own, so that each is a stream of its own. */
function inertialStreams(source: ImportSource, payloads: readonly TimedPayload[]): ImuSamples[] {
  return (['ACCL', 'GYRO'] as const).flatMap((key) => {
    const rows = new TimedRows(source.path, 6)
    const offset = key === 'ACCL' ? 0 : 3
    const row = new Float64Array(6)
    for (const { startSeconds, durationSeconds, sensors } of payloads) {
      for (const sensor of sensors.filter((candidate) => candidate.key === key)) {
        for (let i = 0; i < sensor.count; i++) {
          const values = sensor.values.subarray(3 * i, 3 * i + 3)
          if (!values.every((value) => Math.abs(value) < 1e6)) {
            rows.badCount++
            continue
          }
          row.set(values, offset)
          rows.add(BigInt(Math.round((startSeconds + (durationSeconds * i) / sensor.count) * 1e9)), row)
        }
      }
    }
    if (rows.count === 0) return []
    return [imuSamples(rows, { accelerations: key === 'ACCL', rotationRates: key === 'GYRO' }).samples]
  })
}

function describeInertia(samples: ImuSamples): StreamDescription {
  return { clock: 0, sensor: 'imu', codec: 'gpmf', sampleCount: samples.count, ...timing(samples.timesNanoseconds) }
}

const AXES = { imuAxes: 'X, Y, Z as the camera names them' }

interface GoProRecording {
  readonly asset: ImportedAsset
  readonly inertia: readonly ImuSamples[]
}

async function readMp4(source: ImportSource, context: ImportContext): Promise<GoProRecording> {
  const asset = await videoImporter.read(source, context)
  const [track] = await readMetadataTracks(source, new Set(['gpmd']))
  if (!track) return { asset, inertia: [] }
  const payloads: TimedPayload[] = []
  for (const { offset, byteLength, startSeconds, durationSeconds } of track.samples) {
    throwIfCancelled(context.signal)
    if (byteLength > MAX_PAYLOAD_BYTES) continue
    const bytes = await readRange(source.path, offset, byteLength)
    payloads.push({ startSeconds, durationSeconds, sensors: gpmfSensors(new DataView(bytes.buffer)) })
  }
  const inertia = inertialStreams(source, payloads)
  const streams = [...asset.streams, ...inertia.map(describeInertia)]
  return { asset: { ...asset, streams, metadata: { ...asset.metadata, ...AXES } }, inertia }
}

const recordings = new WeakMap<ImportSource, Promise<GoProRecording>>()

function recordingOf(source: ImportSource, context: ImportContext): Promise<GoProRecording> {
  const known = recordings.get(source)
  if (known) return known
  const recording = isPayload(source) ? readRaw(source, context) : readMp4(source, context)
  recordings.set(source, recording)
  recording.catch(() => recordings.delete(source))
  return recording
}

/** Payloads one behind the other, as extractors write them. */
async function readRaw(source: ImportSource, { signal }: ImportContext): Promise<GoProRecording> {
  const bytes = await readWhole(source.path, MAX_RAW_BYTES, signal)
  const parts = [...gpmfRecords(new DataView(bytes.buffer))].filter(({ key }) => key === 'DEVC')
  const sensors = parts.map(({ view }) => gpmfSensors(view)).filter((list) => list.length > 0)
  const stamps = sensors.map(
    (list) => list.find(({ startMicroseconds }) => startMicroseconds !== undefined)?.startMicroseconds,
  )
  const stamped = stamps.every((stamp, i) => stamp !== undefined && (i === 0 || stamp > (stamps[i - 1] ?? Infinity)))
  const starts = stamps.map((stamp, i) => (stamped ? (stamp ?? 0) / 1e6 : i * NOMINAL_PAYLOAD_SECONDS))
  const payloads = sensors.map((list, i): TimedPayload => {
    const previous = i > 0 ? starts[i] - starts[i - 1] : NOMINAL_PAYLOAD_SECONDS
    return {
      startSeconds: starts[i],
      durationSeconds: i + 1 < starts.length ? starts[i + 1] - starts[i] : previous,
      sensors: list,
    }
  })
  const inertia = inertialStreams(source, payloads)
  if (inertia.length === 0) throw emptyFile(source.path, 'It is GoPro telemetry without inertial samples.')
  const streams = inertia.map(describeInertia)
  const starting = Math.min(...streams.map(({ startSeconds }) => startSeconds))
  const ending = Math.max(...streams.map(({ startSeconds, durationSeconds }) => startSeconds + (durationSeconds ?? 0)))
  const note = `It carries no times: each of its ${payloads.length} payloads was taken to last ${NOMINAL_PAYLOAD_SECONDS} s.`
  const asset: ImportedAsset = {
    format: 'gpmf',
    kind: 'data',
    durationSeconds: ending - starting,
    clocks: [{ title: 'The camera’s own seconds', source: 'device', epochUtcNanoseconds: null, timecode: null }],
    streams,
    warnings: stamped ? [] : [warning('times_assumed', note)],
    metadata: AXES,
  }
  return { asset, inertia }
}

function isPayload({ head, isDirectory }: ImportSource): boolean {
  return !isDirectory && asciiText(head, 0, 4) === 'DEVC'
}

/** GoPro marks its files by brand `mp41` with the version 2013-10-18, in the first box. */
function isGoProMp4({ head, isDirectory }: ImportSource): boolean {
  if (isDirectory || head.length < 16 || asciiText(head, 4, 12) !== 'ftypmp41') return false
  return new DataView(head.buffer, head.byteOffset, 16).getUint32(12) === 0x20131018
}

export const goproImporter: Importer = {
  id: 'gopro',
  title: 'GoPro recording with telemetry',
  extensions: ['mp4', 'lrv', '360', 'raw'],
  // Above the video importer, which reads the same files without their telemetry.
  supports: (source) => (isPayload(source) || isGoProMp4(source) ? 1 : 0),
  read: async (source, context) => (await recordingOf(source, context)).asset,
  async loadImu(source, streamIndex, context) {
    const { asset, inertia } = await recordingOf(source, context)
    const samples = inertia[streamIndex - (asset.streams.length - inertia.length)]
    if (samples) return samples
    throw new AsterismError('bad_input', `Its stream ${streamIndex} is not an inertial one.`, { path: source.path })
  },
}
