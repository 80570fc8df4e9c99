import { recordsOf, timeMapId, transformId, type Document } from '../../../shared/document/document.ts'
import { timelineExtent } from '../../../shared/document/document-extent.ts'
import { WORLD_SENSORS } from '../../../shared/document/seen-streams.ts'
import { byteWords, clockTime } from '../ui/format.ts'
import { t } from '../i18n/text.ts'

/** What the project holds and how far it has come, while nothing is selected. */
export function ProjectFacts({ document }: { document: Document }) {
  const assets = recordsOf(document, 'asset')
  if (assets.length === 0) return <p className="muted">{t('inspector.nothing')}</p>
  const tracks = recordsOf(document, 'track')
  const timed = new Set(assets.filter((asset) => asset.durationSeconds !== null).map((asset) => asset.id))
  const clocks = recordsOf(document, 'clock').filter((clock) => timed.has(clock.assetId))
  const spatial = new Set(
    recordsOf(document, 'stream')
      .filter((stream) => WORLD_SENSORS.has(stream.sensor))
      .map((stream) => stream.assetId),
  )
  const [start, end] = timelineExtent(document)
  const aligned = clocks.filter((clock) => document.has(timeMapId(clock.id))).length
  const placed = [...spatial].filter((assetId) => document.has(transformId(assetId))).length
  return (
    <>
      <h3>{t('inspector.project')}</h3>
      <dl className="facts">
        <dt>{t('inspector.length')}</dt>
        <dd className="num">{clockTime(end - start)}</dd>
        <dt>{t('inspector.recordings')}</dt>
        <dd className="num">
          {assets.length}, {byteWords(assets.reduce((sum, asset) => sum + asset.byteLength, 0))}
        </dd>
        <dt>{t('inspector.tracks')}</dt>
        <dd className="num">
          {t('inspector.tracksWith', {
            tracks: tracks.length,
            count: tracks.reduce((sum, track) => sum + track.clips.length, 0),
          })}
        </dd>
        {clocks.length > 1 ? (
          <>
            <dt>{t('inspector.inTime')}</dt>
            <dd className="num">{t('inspector.ofAll', { count: aligned, all: clocks.length })}</dd>
          </>
        ) : null}
        {spatial.size > 1 ? (
          <>
            <dt>{t('inspector.inSpace')}</dt>
            <dd className="num">{t('inspector.ofAll', { count: placed, all: spatial.size })}</dd>
          </>
        ) : null}
      </dl>
      <p className="muted">{t('inspector.nothing')}</p>
    </>
  )
}
