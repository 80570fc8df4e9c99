/**
 * Clocks that count from far away, as seconds since 1970 do, are counted from the recording's own start: ticks of the
 * timeline are whole numbers below 2^53, about 147 days, and float64 seconds keep more digits near zero. What was taken
 * off stands in the clock as the UTC of its zero, where the recording tells UTC at all.
 */
import type { PosePath } from '../../../shared/geometry/data.ts'
import type { ClockDescription, ImportContext, ImportedAsset, Importer, ImportSource } from './importer.ts'
import { onceASource } from './reading/once-a-source.ts'

export const UTC_CLOCK: ClockDescription = {
  title: 'Seconds since 1970',
  source: 'utc',
  epochUtcNanoseconds: '0',
  timecode: null,
}

/** Half of what the timeline can hold; phones count from when they were switched on and stay below. */
const FAR_SECONDS = 5e6

/** Whole seconds to take off each clock. */
function shiftsOf(asset: ImportedAsset): number[] {
  return asset.clocks.map((_, clock) => {
    const starts = asset.streams
      .filter((stream) => stream.clock === clock && stream.durationSeconds !== null)
      .map(({ startSeconds }) => startSeconds)
    const start = starts.length > 0 ? Math.min(...starts) : 0
    return Math.abs(start) > FAR_SECONDS ? Math.floor(start) : 0
  })
}

function nearAsset(asset: ImportedAsset, shifts: readonly number[]): ImportedAsset {
  if (shifts.every((shift) => shift === 0)) return asset
  return {
    ...asset,
    clocks: asset.clocks.map((clock, index) => {
      const { epochUtcNanoseconds: epoch, title } = clock
      if (shifts[index] === 0) return clock
      const moved = epoch === null ? null : String(BigInt(epoch) + BigInt(shifts[index]) * 1_000_000_000n)
      return { ...clock, title: `${title}, less ${shifts[index]}`, epochUtcNanoseconds: moved }
    }),
    streams: asset.streams.map((stream) => {
      const shift = shifts[stream.clock]
      if (shift === 0 || stream.durationSeconds === null) return stream
      const near = (seconds: number) => Math.round((seconds - shift) * 1e6) / 1e6
      const gaps = stream.gaps?.map((gap) => ({ ...gap, startSeconds: near(gap.startSeconds) }))
      return { ...stream, startSeconds: near(stream.startSeconds), ...(gaps && { gaps }) }
    }),
  }
}

/** An importer whose clocks are near their recordings. */
export function withNearClocks(importer: Importer): Importer {
  const described = onceASource(async (source, context) => {
    const asset = await importer.read(source, context)
    return { asset, shifts: shiftsOf(asset) }
  })
  const nanosecondsOff = async (source: ImportSource, streamIndex: number, context: ImportContext) => {
    const { asset, shifts } = await described(source, context)
    return BigInt(shifts[asset.streams[streamIndex]?.clock ?? 0] ?? 0) * 1_000_000_000n
  }
  const near = <T extends Pick<PosePath, 'timesNanoseconds'>>(loaded: T, off: bigint): T =>
    off === 0n ? loaded : { ...loaded, timesNanoseconds: loaded.timesNanoseconds.map((time) => time - off) }
  const { loadPoses, loadJoints, loadImu, loadDepthFrame } = importer
  return {
    ...importer,
    supports: (source) => importer.supports(source),
    async read(source, context) {
      const { asset, shifts } = await described(source, context)
      return nearAsset(asset, shifts)
    },
    ...(loadPoses && {
      loadPoses: async (source: ImportSource, streamIndex: number, context: ImportContext) =>
        near(await loadPoses(source, streamIndex, context), await nanosecondsOff(source, streamIndex, context)),
    }),
    ...(loadJoints && {
      loadJoints: async (source: ImportSource, streamIndex: number, context: ImportContext) =>
        near(await loadJoints(source, streamIndex, context), await nanosecondsOff(source, streamIndex, context)),
    }),
    ...(loadImu && {
      loadImu: async (source: ImportSource, streamIndex: number, context: ImportContext) =>
        near(await loadImu(source, streamIndex, context), await nanosecondsOff(source, streamIndex, context)),
    }),
    ...(loadDepthFrame && {
      loadDepthFrame: async (source: ImportSource, streamIndex: number, frameIndex: number, context: ImportContext) => {
        const frame = await loadDepthFrame(source, streamIndex, frameIndex, context)
        const off = await nanosecondsOff(source, streamIndex, context)
        return { ...frame, timeNanoseconds: frame.timeNanoseconds - off }
      },
    }),
  }
}
