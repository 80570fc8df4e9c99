/** What MP4 and QuickTime recordings carry beside picture and sound: motion of the camera, and what its picture is. */
import { AsterismError, isCancellation } from '../../../../shared/errors.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import type { ImuSamples, PosePath } from '../../../../shared/geometry/data.ts'
import { readCamm } from '../motion/camm.ts'
import { GOPRO_AXES, readGpmfTrack } from '../motion/gopro.ts'
import type { ImportContext, ImportedAsset, ImportSource, StreamDescription } from '../importer.ts'
import { readIsoIndex, type IsoIndex } from '../reading/iso-bmff.ts'
import { onceASource } from '../reading/once-a-source.ts'
import { warning } from '../refusals.ts'
import { TRACK_METADATA, type FinishedTrack } from '../motion/satellite-track.ts'
import { satelliteEpoch, type SatelliteMoment } from '../motion/satellite-time.ts'
import { metadataKeys, spatialNotes } from './spatial-boxes.ts'
import { timing } from '../reading/timed-rows.ts'
import { say } from '../../../../shared/sayings/saying.ts'

interface TelemetryStream {
  readonly description: StreamDescription
  readonly imu?: ImuSamples
  readonly poses?: PosePath
}

export interface Telemetry {
  readonly streams: readonly TelemetryStream[]
  readonly warnings: readonly ImportWarning[]
  readonly metadata: ImportedAsset['metadata']
  /** UTC of the container's zero as satellites said it, nanoseconds since 1970; null where none did. */
  readonly satelliteEpochNanoseconds: string | null
}

const READ_FORMATS = new Set(['gpmd', 'camm', 'mebx'])

function inertialStream(imu: ImuSamples, codec: string): TelemetryStream {
  const description = {
    clock: 0,
    sensor: 'imu' as const,
    codec,
    sampleCount: imu.count,
    ...timing(imu.timesNanoseconds),
  }
  return { description, imu }
}

async function motionOf(source: ImportSource, { tracks }: IsoIndex, signal: AbortSignal): Promise<Telemetry> {
  const streams: TelemetryStream[] = []
  const warnings: ImportWarning[] = []
  const told: SatelliteMoment[] = []
  let metadata: ImportedAsset['metadata'] = {}
  // Behind all others, so that streams of projects that knew no ways keep their numbers.
  const ways: TelemetryStream[] = []
  const takeWay = ({ stream, warnings: found }: FinishedTrack): void => {
    if (!stream) return
    ways.push({ description: { clock: 0, ...stream.description }, poses: stream.poses })
    warnings.push(...found)
    metadata = { ...metadata, ...TRACK_METADATA }
  }
  for (const track of tracks) {
    if (track.format === 'gpmd') {
      const { inertia, track: way, moments } = await readGpmfTrack(source, track, signal)
      for (const imu of inertia) streams.push(inertialStream(imu, 'gpmf'))
      told.push(...moments)
      if (streams.length > 0) metadata = { ...metadata, ...GOPRO_AXES }
      takeWay(way)
    } else if (track.format === 'camm') {
      const { inertia, poses, way, hasLocation, moments, warnings: found } = await readCamm(source, track, signal)
      for (const imu of inertia) streams.push(inertialStream(imu, 'camm'))
      if (poses) {
        const span = timing(poses.timesNanoseconds)
        streams.push({
          description: { clock: 0, sensor: 'pose', codec: 'camm', sampleCount: poses.count, ...span },
          poses,
        })
      }
      warnings.push(...found)
      told.push(...moments)
      metadata = { ...metadata, imuAxes: 'as the camera writes them (CAMM)', ...(hasLocation && { hasLocation }) }
      takeWay(way)
    } else {
      const keys = metadataKeys(track.entry)
      const known = typeof metadata.timedMetadata === 'string' ? `${metadata.timedMetadata}, ` : ''
      if (keys.length > 0) metadata = { ...metadata, timedMetadata: (known + keys.join(', ')).slice(0, 1000) }
    }
  }
  return { streams: [...streams, ...ways], warnings, metadata, satelliteEpochNanoseconds: satelliteEpoch(told) }
}

async function read(source: ImportSource, { signal }: ImportContext): Promise<Telemetry> {
  try {
    const index = await readIsoIndex(source, READ_FORMATS)
    const motion = await motionOf(source, index, signal)
    const spatial = index.entries.map(({ entry }) => spatialNotes(entry))
    const notes = Object.assign({}, ...spatial.map((each) => each.notes)) as ImportedAsset['metadata']
    return {
      streams: motion.streams,
      warnings: [...motion.warnings, ...spatial.flatMap((each) => each.warnings)],
      metadata: { ...notes, ...motion.metadata },
      satelliteEpochNanoseconds: motion.satelliteEpochNanoseconds,
    }
  } catch (error) {
    // Picture and sound are the recording; what comes beside them may be damaged.
    if (isCancellation(error) || !(error instanceof AsterismError) || error.code === 'timeout') throw error
    return {
      streams: [],
      warnings: [warning('telemetry_unreadable', say('import.telemetry', { why: error.said?.what ?? error.message }))],
      metadata: {},
      satelliteEpochNanoseconds: null,
    }
  }
}

/** Of an MP4 or QuickTime file. What is damaged is a warning. */
export const telemetryOf = onceASource(read)
