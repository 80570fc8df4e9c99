import { useState } from 'react'
import { Trash2 } from 'lucide-react'
import { recordsOf, streamsOf, timeMapId, transformId, type Document } from '../../../shared/document/document.ts'
import type { Asset, Caption, Clip, Stream } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { now, seek } from '../state/transport.ts'
import { byteWords, clockTime, percentWords, shortened, signed, withSigma } from '../ui/format.ts'
import { MarkerFacts } from './marker-facts.tsx'
import './inspector.css'
import { t } from '../i18n/text.ts'

/** What is selected, with its numbers and what the aligners believe of it. */
export function Inspector() {
  const document = useDocument((state) => state.document)
  const assetId = useSession((state) => state.selectedAssetId)
  const clipIds = useSession((state) => state.selectedClipIds)
  const markerId = useSession((state) => state.selectedMarkerId)
  const marker = markerId ? document.get(markerId) : undefined
  const asset = assetId ? document.get(assetId) : undefined
  const clips = recordsOf(document, 'track').flatMap((track) => track.clips.filter((clip) => clipIds.has(clip.id)))
  return (
    <section className="panel" aria-label={t('inspector.title')}>
      <div className="panel__head">
        <h2>{t('inspector.title')}</h2>
      </div>
      <div className="panel__body stack">
        {marker?.kind === 'marker' ? <MarkerFacts key={marker.id} marker={marker} /> : null}
        {clips.length > 0 ? <ClipFacts clips={clips} /> : null}
        {asset?.kind === 'asset' ? <AssetFacts asset={asset} document={document} /> : null}
        {!asset && !marker && clips.length === 0 ? <p className="muted">{t('inspector.nothing')}</p> : null}
        <Commentary document={document} />
      </div>
    </section>
  )
}

function AssetFacts({ asset, document }: { asset: Asset; document: Document }) {
  const { commit } = useEngine()
  const rename = (title: string): void => {
    if (title.trim() && title !== asset.title) {
      commit(t('edit.rename'), (draft) => {
        const record = draft.get(asset.id)
        if (record?.kind === 'asset') record.title = title.trim()
      })
    }
  }
  return (
    <>
      <label className="field">
        <span>{t('inspector.name')}</span>
        <input
          key={asset.title}
          className="input"
          defaultValue={asset.title}
          onBlur={(event) => rename(event.target.value)}
        />
      </label>
      <dl className="facts">
        <dt>{t('inspector.file')}</dt>
        <dd>{asset.fileName}</dd>
        <dt>{t('inspector.format')}</dt>
        <dd>
          {asset.format}, {byteWords(asset.byteLength)}
        </dd>
        {asset.durationSeconds ? (
          <>
            <dt>{t('inspector.length')}</dt>
            <dd className="num">{clockTime(asset.durationSeconds)}</dd>
          </>
        ) : null}
        <dt>{t('inspector.sha256')}</dt>
        <dd className="mono" title={asset.sha256}>
          {shortened(asset.sha256, 8)}
        </dd>
      </dl>
      <TimeFacts asset={asset} document={document} />
      <SpaceFacts asset={asset} document={document} />
      <h3>{t('inspector.streams')}</h3>
      {streamsOf(document, asset.id).map((stream) => (
        <div key={stream.id} className="card">
          <span className={`sensor sensor--${stream.sensor}`}>{t(`sensor.${stream.sensor}`)}</span>
          <div className="num">{streamWords(stream)}</div>
        </div>
      ))}
      {asset.warnings.length > 0 ? (
        <>
          <h3>{t('inspector.warnings')}</h3>
          <ul className="warnings">
            {asset.warnings.map((warning) => (
              <li key={warning.code + warning.message}>{warning.message}</li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  )
}

function streamWords(stream: Stream): string {
  return [
    stream.codec,
    stream.width && stream.height ? `${stream.width} × ${stream.height}` : null,
    stream.frameRate
      ? t('inspector.fps', { rate: Number((stream.frameRate.numerator / stream.frameRate.denominator).toFixed(3)) })
      : null,
    stream.sampleRateHz && !stream.frameRate ? `${Number(stream.sampleRateHz.toFixed(2))} Hz` : null,
    stream.channels ? t('inspector.channels', { channels: stream.channels }) : null,
    stream.pointCount ? t('inspector.points', { points: stream.pointCount }) : null,
    stream.triangleCount ? t('inspector.triangles', { triangles: stream.triangleCount }) : null,
    stream.sampleCount && !stream.pointCount ? t('inspector.samples', { samples: stream.sampleCount }) : null,
  ]
    .filter(Boolean)
    .join(' · ')
}

function TimeFacts({ asset, document }: { asset: Asset; document: Document }) {
  const maps = recordsOf(document, 'clock')
    .filter((clock) => clock.assetId === asset.id)
    .map((clock) => ({ clock, map: document.get(timeMapId(clock.id)) }))
  if (maps.length === 0) return null
  return (
    <>
      <h3>{t('inspector.time')}</h3>
      {maps.map(({ clock, map }) =>
        map?.kind === 'timeMap' ? (
          <dl key={clock.id} className="facts">
            <dt>{t('inspector.offset')}</dt>
            <dd className="num">{withSigma(map.offsetSeconds, map.sigmaOffsetSeconds)}</dd>
            <dt>{t('inspector.drift')}</dt>
            <dd className="num">
              {signed(map.ratePpm, 2)} ppm ± {map.sigmaRatePpm.toFixed(2)}
            </dd>
            <dt>{t('inspector.belief')}</dt>
            <dd>{t('inspector.beliefBy', { percent: percentWords(map.confidence), method: map.method })}</dd>
          </dl>
        ) : (
          <p key={clock.id} className="muted">
            {t('inspector.notAligned', { title: clock.title })}
          </p>
        ),
      )}
    </>
  )
}

function SpaceFacts({ asset, document }: { asset: Asset; document: Document }) {
  const transform = document.get(transformId(asset.id))
  if (transform?.kind !== 'transform') return null
  const m = transform.worldFromAsset
  return (
    <>
      <h3>{t('inspector.space')}</h3>
      <dl className="facts">
        <dt>{t('inspector.position')}</dt>
        <dd className="num">{[m[12]!, m[13]!, m[14]!].map((v) => signed(v, 3)).join('  ')} m</dd>
        {transform.rmseMetres === null ? null : (
          <>
            <dt>{t('inspector.residual')}</dt>
            <dd className="num">{(transform.rmseMetres * 1000).toFixed(1)} mm</dd>
          </>
        )}
        {transform.overlap === null ? null : (
          <>
            <dt>{t('inspector.overlap')}</dt>
            <dd className="num">{percentWords(transform.overlap)}</dd>
          </>
        )}
        <dt>{t('inspector.belief')}</dt>
        <dd>{t('inspector.beliefBy', { percent: percentWords(transform.confidence), method: transform.method })}</dd>
      </dl>
    </>
  )
}

function ClipFacts({ clips }: { clips: readonly Clip[] }) {
  const [clip] = clips
  if (clips.length > 1 || !clip) return <p className="muted">{t('inspector.clipsSelected', { count: clips.length })}</p>
  return (
    <>
      <h3>{t('inspector.clip')}</h3>
      <dl className="facts">
        <dt>{t('inspector.starts')}</dt>
        <dd className="num">{clockTime(secondsFromTicks(clip.startTicks))}</dd>
        <dt>{t('inspector.lasts')}</dt>
        <dd className="num">{clockTime(secondsFromTicks(clip.durationTicks))}</dd>
        <dt>{t('inspector.fromSource')}</dt>
        <dd className="num">{clockTime(secondsFromTicks(clip.sourceStartTicks))}</dd>
      </dl>
    </>
  )
}

/** Words tied to moments: what was said, or what the person wants to say of it. */
function Commentary({ document }: { document: Document }) {
  const { commit } = useEngine()
  const [text, setText] = useState('')
  const captions = recordsOf(document, 'caption').sort((a, b) => a.startTicks - b.startTicks)
  const add = (): void => {
    const words = text.trim()
    if (!words) return
    const startTicks = ticksFromSeconds(now())
    const id = `caption-${crypto.randomUUID()}`
    const endTicks = startTicks + ticksFromSeconds(Math.max(1.5, words.split(/\s+/).length * 0.4))
    commit(t('words.addWords'), (draft) => {
      const caption: Caption = {
        kind: 'caption',
        id,
        assetId: null,
        startTicks,
        endTicks,
        text: words,
        source: 'typed',
      }
      draft.set(id, caption)
    })
    setText('')
  }
  return (
    <>
      <h3>{t('words.title')}</h3>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault()
          add()
        }}
      >
        <input
          className="input"
          aria-label={t('words.atPlayhead')}
          placeholder={t('words.atPlayhead')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button className="button" disabled={!text.trim()}>
          {t('words.add')}
        </button>
      </form>
      <ul className="captions">
        {captions.map((caption) => (
          <li key={caption.id}>
            <button className="captions__go" onClick={() => seek(secondsFromTicks(caption.startTicks))}>
              <span className="faint num">{clockTime(secondsFromTicks(caption.startTicks)).slice(3)}</span>
              <span>{caption.text}</span>
            </button>
            <button
              className="button button--quiet button--icon"
              aria-label={t('words.remove', { text: caption.text })}
              onClick={() => commit(t('words.removeWords'), (draft) => void draft.delete(caption.id))}
            >
              <Trash2 size={13} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
