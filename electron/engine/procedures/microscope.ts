import { recordsOf, requireRecord, streamsOf } from '../../../shared/document/document.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { excitedUnits, type ExcitedStream } from '../../../shared/stars/microscope.ts'
import { pathOfAsset } from '../assets/asset-location.ts'
import { folderCache } from '../folder-cache.ts'
import { Encoders } from '../models/encoders.ts'
import type { Session } from '../session.ts'
import { knownMeasurement, mediaOfStream } from '../stars/measure-asset.ts'
import { OCCLUSION_SIDE, occlusionMap } from '../stars/occlusion.ts'
import { MOST_DEVIATIONS, shareBelow, unitReference, unpackUnits } from '../stars/picture-units.ts'
import { referenceExemplars } from '../stars/unit-exemplars.ts'
import { implementer } from './implementer.ts'

const MOST_UNITS = 12

const SHOWN = new Set(['video', 'image'])

/** What excites the picture network in the open project. */
export function microscopeProcedures(session: Session) {
  return {
    look: implementer.microscope.look.handler(async ({ signal }) => {
      const { document } = session
      const cache = folderCache(session.cacheFolder(), 'stars')
      const encoders = new Encoders(signal ?? new AbortController().signal)
      const streams: ExcitedStream[] = []
      for (const asset of recordsOf(document, 'asset')) {
        for (const stream of streamsOf(document, asset.id).filter(({ sensor }) => SHOWN.has(sensor))) {
          const known = await knownMeasurement(asset, stream, { cache, encoders })
          if (known?.kind !== 'picture') continue
          const bins = known.bins.flatMap(({ t, units }) => (units ? [{ t, units: unpackUnits(units) }] : []))
          if (bins.length === 0) continue
          streams.push({ asset: asset.id, seconds: bins.map(({ t }) => t), units: bins.map(({ units }) => units) })
        }
      }
      if (streams.length === 0) {
        throw new AsterismError('not_found', say('microscope.nothingSeen'), {
          fix: say('microscope.fix.predict'),
        })
      }
      const { model, reference, pictures } = unitReference()
      const tenths = (value: number): number => Math.round(value * 10) / 10
      return {
        model,
        reference: { name: reference, pictures },
        units: excitedUnits(streams, MOST_UNITS).map(({ unit, together, peak, exemplars }) => ({
          unit,
          together: [...together],
          peak: tenths(peak),
          or_more: peak >= MOST_DEVIATIONS,
          rarer_than: shareBelow(unit, peak),
          exemplars: exemplars.map((each) => ({ ...each, deviations: tenths(each.deviations) })),
          reference_exemplars: referenceExemplars(unit),
          strips: streams.map(({ asset, seconds, units }) => ({
            asset,
            seconds: [...seconds],
            deviations: units.map((values) => tenths(values[unit])),
          })),
        })),
      }
    }),

    share: implementer.microscope.share.handler(async ({ input, signal }) => {
      // With it comes all that weighs stars, which pictures of units do without.
      const { shareOfUnits } = await import('../work/unit-share.ts')
      return await shareOfUnits(session, input, signal ?? new AbortController().signal)
    }),

    occlusion: implementer.microscope.occlusion.handler(async ({ input, signal }) => {
      const { document } = session
      const asset = requireRecord(document, 'asset', input.asset)
      const streams = streamsOf(document, asset.id)
      const stream = streams.find(({ sensor }) => SHOWN.has(sensor))
      const path = pathOfAsset(session, asset.id)
      if (!stream || !path) throw new AsterismError('not_found', say('microscope.noPicture', { title: asset.title }))
      const abort = signal ?? new AbortController().signal
      const encoders = new Encoders(abort)
      try {
        const tools = await session.tools()
        const media = await mediaOfStream(path, stream, streams, { tools, signal: abort })
        const falls = await occlusionMap(
          { path: media.path, videoIndex: media.rank, seconds: input.seconds, unit: input.unit },
          { tools, encoders, signal: abort },
        )
        return { side: OCCLUSION_SIDE, falls }
      } finally {
        await encoders.close()
      }
    }),
  }
}
