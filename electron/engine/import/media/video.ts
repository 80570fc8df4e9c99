/** Video files, and containers of which only their tracks tell whether they hold picture or sound. */
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { onceASource } from '../reading/once-a-source.ts'
import { readRecording } from './recording.ts'
import { mediaSignature } from './signatures.ts'
import { telemetryOf, type Telemetry } from './telemetry.ts'

const ISO_FAMILY = new Set(['mp4', 'mov'])

/** Picture and sound. */
const recordingOf = onceASource(readRecording)

async function telemetryStream(
  source: ImportSource,
  streamIndex: number,
  context: ImportContext,
): Promise<Telemetry['streams'][number]> {
  const [asset, { streams }] = await Promise.all([recordingOf(source, context), telemetryOf(source, context)])
  const stream = streams[streamIndex - asset.streams.length]
  if (stream) return stream
  throw new AsterismError('bad_input', say('broken.streamNoMotion', { index: streamIndex }), { path: source.path })
}

export const videoImporter: Importer = {
  id: 'video',
  title: say('readable.video'),
  extensions: 'mp4 m4v mov qt mkv webm avi mpg mpeg vob m2v ts mts m2ts wmv asf flv mxf ogv 3gp 3g2 lrv insv 360'.split(
    ' ',
  ),
  supports: (source) => {
    const signature = mediaSignature(source.head)
    return signature?.family === 'container' ? signature.certainty : 0
  },
  async read(source, context) {
    const asset = await recordingOf(source, context)
    if (!ISO_FAMILY.has(mediaSignature(source.head)?.name ?? '')) return asset
    const { streams, warnings, metadata, satelliteEpochNanoseconds } = await telemetryOf(source, context)
    return {
      ...asset,
      ...(satelliteEpochNanoseconds !== null && {
        clocks: asset.clocks.map((clock) => ({
          ...clock,
          epochUtcNanoseconds: satelliteEpochNanoseconds,
          epochSource: 'satellite' as const,
        })),
      }),
      streams: [...asset.streams, ...streams.map(({ description }) => description)],
      warnings: [...asset.warnings, ...warnings],
      metadata: { ...asset.metadata, ...metadata },
    }
  },
  async loadImu(source, streamIndex, context) {
    const { imu } = await telemetryStream(source, streamIndex, context)
    if (imu) return imu
    throw new AsterismError('bad_input', say('broken.streamNotInertial', { index: streamIndex }), { path: source.path })
  },
  async loadPoses(source, streamIndex, context) {
    const { poses } = await telemetryStream(source, streamIndex, context)
    if (poses) return poses
    throw new AsterismError('bad_input', say('broken.streamNotPoses', { index: streamIndex }), { path: source.path })
  },
}
