/** GoPro telemetry (GPMF): from the metadata track of a recording, or alone as extracted payloads. */
import { AsterismError } from '../../../../shared/errors.ts'
import type { ImuSamples } from '../../../../shared/geometry/data.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readWhole } from '../reading/byte-stream.ts'
import { gpmfPlaces, type GpmfPlace } from './gpmf-places.ts'
import { gpmfRecords, gpmfSatelliteTime, gpmfSensors, type GpmfSensor } from './gpmf.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource, StreamDescription } from '../importer.ts'
import { forEachSample, type MetadataTrack } from '../reading/iso-bmff.ts'
import { onceASource } from '../reading/once-a-source.ts'
import { emptyFile, warning } from '../refusals.ts'
import { satelliteEpoch, type SatelliteMoment } from './satellite-time.ts'
import { EarthFrame, SatelliteTrack, TRACK_METADATA, type FinishedTrack } from './satellite-track.ts'
import type { LoadedStream } from '../stream-set.ts'
import { asciiText } from '../reading/text-lines.ts'
import { imuSamples, TimedRows, timing } from '../reading/timed-rows.ts'

const MAX_PAYLOAD_BYTES = 16 << 20
const MAX_RAW_BYTES = 1 << 30
/** Payloads are made once a second at 29.97 or 59.94 pictures a second. */
const NOMINAL_PAYLOAD_SECONDS = 1.001

interface TimedPayload {
  readonly startSeconds: number
  readonly durationSeconds: number
  readonly sensors: readonly GpmfSensor[]
  readonly places: readonly GpmfPlace[]
  /** Seconds since 1970, where satellites said them. */
  readonly utcSeconds: number | null
}

/** Accelerations and rotation rates come at rates of their own, so that each is a stream of its own; turns come first. */
function inertialStreams(source: ImportSource, payloads: readonly TimedPayload[]): ImuSamples[] {
  return (['GYRO', 'ACCL'] as const).flatMap((key) => {
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

/** Where it was, where its receiver ever knew. */
function trackOf(source: ImportSource, payloads: readonly TimedPayload[]): FinishedTrack {
  const track = new SatelliteTrack(source.path, new EarthFrame())
  for (const { startSeconds, durationSeconds, places } of payloads) {
    for (const [sample, place] of places.entries()) {
      const seconds = startSeconds + (durationSeconds * sample) / places.length
      if (place) track.add(BigInt(Math.round(seconds * 1e9)), place)
      else track.miss()
    }
  }
  return track.finishBeside('gpmf')
}

function describeInertia(samples: ImuSamples): StreamDescription {
  return { clock: 0, sensor: 'imu', codec: 'gpmf', sampleCount: samples.count, ...timing(samples.timesNanoseconds) }
}

export const GOPRO_AXES = { imuAxes: 'X, Y, Z as the camera names them' }

interface GoProRecording {
  readonly asset: ImportedAsset
  readonly inertia: readonly ImuSamples[]
  /** Comes behind them. */
  readonly track: LoadedStream | undefined
}

function momentsOf(payloads: readonly TimedPayload[]): SatelliteMoment[] {
  return payloads.flatMap(({ startSeconds, utcSeconds }) =>
    utcSeconds === null ? [] : [{ seconds: startSeconds, utcSeconds }],
  )
}

/** The inertial streams of a `gpmd` track, and what satellites said of place and time. */
export async function readGpmfTrack(
  source: ImportSource,
  track: MetadataTrack,
  signal: AbortSignal,
): Promise<{
  readonly inertia: readonly ImuSamples[]
  readonly track: FinishedTrack
  readonly moments: readonly SatelliteMoment[]
}> {
  const payloads: TimedPayload[] = []
  await forEachSample(source, track, MAX_PAYLOAD_BYTES, signal, (sample, index) => {
    const [startSeconds, durationSeconds] = [track.startSeconds[index], track.durationSeconds[index]]
    payloads.push({
      startSeconds,
      durationSeconds,
      sensors: gpmfSensors(sample),
      places: gpmfPlaces(sample),
      utcSeconds: gpmfSatelliteTime(sample),
    })
  })
  return {
    inertia: inertialStreams(source, payloads),
    track: trackOf(source, payloads),
    moments: momentsOf(payloads),
  }
}

const recordingOf = onceASource(readRaw)

/** Payloads one behind the other, as extractors write them. */
async function readRaw(source: ImportSource, { signal }: ImportContext): Promise<GoProRecording> {
  const bytes = await readWhole(source.path, MAX_RAW_BYTES, signal)
  const parts = [...gpmfRecords(new DataView(bytes.buffer))].filter(({ key }) => key === 'DEVC')
  const read = parts.map(({ view }) => ({
    sensors: gpmfSensors(view),
    places: gpmfPlaces(view),
    utcSeconds: gpmfSatelliteTime(view),
  }))
  const moving = read.filter((part) => part.sensors.length > 0)
  const sensors = moving.map((part) => part.sensors)
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
      places: moving[i].places,
      utcSeconds: moving[i].utcSeconds,
    }
  })
  const inertia = inertialStreams(source, payloads)
  if (inertia.length === 0) throw emptyFile(source.path, say('capture.telemetryWithoutImu'))
  const track = trackOf(source, payloads)
  const streams = inertia.map(describeInertia)
  if (track.stream) streams.push({ clock: 0, ...track.stream.description })
  const starting = Math.min(...streams.map(({ startSeconds }) => startSeconds))
  const ending = Math.max(...streams.map(({ startSeconds, durationSeconds }) => startSeconds + (durationSeconds ?? 0)))
  const epochUtcNanoseconds = satelliteEpoch(momentsOf(payloads))
  const asset: ImportedAsset = {
    format: 'gpmf',
    kind: 'data',
    durationSeconds: ending - starting,
    clocks: [
      {
        title: 'The camera’s own seconds',
        source: 'device',
        epochUtcNanoseconds,
        ...(epochUtcNanoseconds !== null && { epochSource: 'satellite' }),
        timecode: null,
      },
    ],
    streams,
    warnings: [
      ...(stamped
        ? []
        : [
            warning(
              'times_assumed',
              say('import.payloadsUntimed', { payloads: payloads.length, seconds: NOMINAL_PAYLOAD_SECONDS }),
            ),
          ]),
      ...track.warnings,
    ],
    metadata: { ...GOPRO_AXES, ...(track.stream && TRACK_METADATA) },
  }
  return { asset, inertia, track: track.stream }
}

function isPayload({ head, isDirectory }: ImportSource): boolean {
  return !isDirectory && asciiText(head, 0, 4) === 'DEVC'
}

export const goproImporter: Importer = {
  id: 'gopro',
  title: say('readable.gopro'),
  extensions: ['raw', 'gpmf'],
  supports: (source) => (isPayload(source) ? 1 : 0),
  read: async (source, context) => (await recordingOf(source, context)).asset,
  async loadImu(source, streamIndex, context) {
    const { inertia } = await recordingOf(source, context)
    const samples = inertia[streamIndex]
    if (samples) return samples
    throw new AsterismError('bad_input', say('broken.streamNotInertial', { index: streamIndex }), {
      path: source.path,
    })
  },
  async loadPoses(source, streamIndex, context) {
    const { inertia, track } = await recordingOf(source, context)
    if (track?.poses && streamIndex === inertia.length) return track.poses
    throw new AsterismError('bad_input', say('broken.streamNotPoses', { index: streamIndex }), { path: source.path })
  },
}
