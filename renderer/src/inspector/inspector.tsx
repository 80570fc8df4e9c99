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
import './inspector.css'

/** What is selected, with its numbers and what the aligners believe of it. */
export function Inspector() {
  const document = useDocument((state) => state.document)
  const assetId = useSession((state) => state.selectedAssetId)
  const clipIds = useSession((state) => state.selectedClipIds)
  const asset = assetId ? document.get(assetId) : undefined
  const clips = recordsOf(document, 'track').flatMap((track) => track.clips.filter((clip) => clipIds.has(clip.id)))
  return (
    <section className="panel" aria-label="Inspector">
      <div className="panel__head">
        <h2>Inspector</h2>
      </div>
      <div className="panel__body stack">
        {clips.length > 0 ? <ClipFacts clips={clips} /> : null}
        {asset?.kind === 'asset' ? <AssetFacts asset={asset} document={document} /> : null}
        {!asset && clips.length === 0 ? (
          <p className="muted">Select a recording in the library or a clip on the timeline to see its numbers.</p>
        ) : null}
        <Commentary document={document} />
      </div>
    </section>
  )
}

function AssetFacts({ asset, document }: { asset: Asset; document: Document }) {
  const { commit } = useEngine()
  const rename = (title: string): void => {
    if (title.trim() && title !== asset.title) {
      commit('Rename', (draft) => {
        const record = draft.get(asset.id)
        if (record?.kind === 'asset') record.title = title.trim()
      })
    }
  }
  return (
    <>
      <label className="field">
        <span>Title</span>
        <input
          key={asset.title}
          className="input"
          defaultValue={asset.title}
          onBlur={(event) => rename(event.target.value)}
        />
      </label>
      <dl className="facts">
        <dt>File</dt>
        <dd>{asset.fileName}</dd>
        <dt>Format</dt>
        <dd>
          {asset.format}, {byteWords(asset.byteLength)}
        </dd>
        {asset.durationSeconds ? (
          <>
            <dt>Length</dt>
            <dd className="num">{clockTime(asset.durationSeconds)}</dd>
          </>
        ) : null}
        <dt>SHA-256</dt>
        <dd className="mono" title={asset.sha256}>
          {shortened(asset.sha256, 8)}
        </dd>
      </dl>
      <TimeFacts asset={asset} document={document} />
      <SpaceFacts asset={asset} document={document} />
      <h3>Streams</h3>
      {streamsOf(document, asset.id).map((stream) => (
        <div key={stream.id} className="card">
          <span className={`sensor sensor--${stream.sensor}`}>{stream.sensor}</span>
          <div className="num">{streamWords(stream)}</div>
        </div>
      ))}
      {asset.warnings.length > 0 ? (
        <>
          <h3>Warnings</h3>
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
    stream.frameRate ? `${Number((stream.frameRate.numerator / stream.frameRate.denominator).toFixed(3))} fps` : null,
    stream.sampleRateHz && !stream.frameRate ? `${Number(stream.sampleRateHz.toFixed(2))} Hz` : null,
    stream.channels ? `${stream.channels} ch` : null,
    stream.pointCount ? `${stream.pointCount.toLocaleString()} points` : null,
    stream.triangleCount ? `${stream.triangleCount.toLocaleString()} triangles` : null,
    stream.sampleCount && !stream.pointCount ? `${stream.sampleCount.toLocaleString()} samples` : null,
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
      <h3>Time</h3>
      {maps.map(({ clock, map }) =>
        map?.kind === 'timeMap' ? (
          <dl key={clock.id} className="facts">
            <dt>Offset</dt>
            <dd className="num">{withSigma(map.offsetSeconds, map.sigmaOffsetSeconds)}</dd>
            <dt>Drift</dt>
            <dd className="num">
              {signed(map.ratePpm, 2)} ppm ± {map.sigmaRatePpm.toFixed(2)}
            </dd>
            <dt>Belief</dt>
            <dd>
              {percentWords(map.confidence)}, by {map.method}
            </dd>
          </dl>
        ) : (
          <p key={clock.id} className="muted">
            Not aligned yet ({clock.title}).
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
      <h3>Space</h3>
      <dl className="facts">
        <dt>Position</dt>
        <dd className="num">{[m[12]!, m[13]!, m[14]!].map((v) => signed(v, 3)).join('  ')} m</dd>
        {transform.rmseMetres === null ? null : (
          <>
            <dt>Residual</dt>
            <dd className="num">{(transform.rmseMetres * 1000).toFixed(1)} mm</dd>
          </>
        )}
        {transform.overlap === null ? null : (
          <>
            <dt>Overlap</dt>
            <dd className="num">{percentWords(transform.overlap)}</dd>
          </>
        )}
        <dt>Belief</dt>
        <dd>
          {percentWords(transform.confidence)}, by {transform.method}
        </dd>
      </dl>
    </>
  )
}

function ClipFacts({ clips }: { clips: readonly Clip[] }) {
  const [clip] = clips
  if (clips.length > 1 || !clip) return <p className="muted">{clips.length} clips selected.</p>
  return (
    <>
      <h3>Clip</h3>
      <dl className="facts">
        <dt>Starts</dt>
        <dd className="num">{clockTime(secondsFromTicks(clip.startTicks))}</dd>
        <dt>Lasts</dt>
        <dd className="num">{clockTime(secondsFromTicks(clip.durationTicks))}</dd>
        <dt>From source</dt>
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
    commit('Add words', (draft) => {
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
      <h3>Words</h3>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault()
          add()
        }}
      >
        <input
          className="input"
          aria-label="Words at the playhead"
          placeholder="Words at the playhead"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button className="button" disabled={!text.trim()}>
          Add
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
              aria-label={`Remove "${caption.text}"`}
              onClick={() => commit('Remove words', (draft) => void draft.delete(caption.id))}
            >
              <Trash2 size={13} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
