import { memo, useDeferredValue, useMemo } from 'react'
import { Captions, Info, Mic, Tags } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { recordsOf, streamsOf, timeMapId, type Document } from '../../../shared/document/document.ts'
import type { Asset, Clip, Stream } from '../../../shared/document/records.ts'
import { leftOutBeside } from '../../../shared/document/left-out.ts'
import { sensorJoints } from '../../../shared/document/sensor-joints.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { heardClips } from '../actions/sound-actions.ts'
import { CommentaryPanel } from '../commentary/commentary-panel.tsx'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { useSession, type EditTab } from '../state/session-store.ts'
import { byteWords, clockTime, percentWords, shortened, signed, withSigma } from '../ui/format.ts'
import { methodWords } from '../align/align-facts.tsx'
import { reasonWords } from '../ui/saying-words.ts'
import { LabelsPanel } from '../labels/labels-panel.tsx'
import { useRelink } from '../library/relink.ts'
import { StillImage } from '../library/still-image.tsx'
import { WordsPanel } from '../words/words-panel.tsx'
import { jointWords } from '../timeline/joint-words.ts'
import { ProjectFacts } from './project-facts.tsx'
import { MarkerFacts } from './marker-facts.tsx'
import { SoundFacts } from './sound-facts.tsx'
import { SpaceFacts } from './space-facts.tsx'
import './inspector.css'
import { decimalWords, figureWords, t } from '../i18n/text.ts'

/** What is selected with its numbers, what is said in the take, and what is said about it. */
export function Inspector() {
  const tab = useSession((state) => state.editTab)
  return (
    <section className="panel" aria-label={t('inspector.title')}>
      <Tabs.Root
        value={tab}
        onValueChange={(value) => useSession.setState({ editTab: value as EditTab })}
        className="panel"
      >
        <div className="panel__head">
          <h2 className="visually-hidden">{t('inspector.title')}</h2>
          <Tabs.List className="subtabs subtabs--alone" aria-label={t('inspector.tabs')}>
            <Tabs.Trigger value="inspector" className="subtabs__tab">
              <Info size={13} aria-hidden /> {t('inspector.facts')}
            </Tabs.Trigger>
            <Tabs.Trigger value="words" className="subtabs__tab">
              <Captions size={13} aria-hidden /> {t('words.title')}
            </Tabs.Trigger>
            <Tabs.Trigger value="labels" className="subtabs__tab">
              <Tags size={13} aria-hidden /> {t('labels.title')}
            </Tabs.Trigger>
            <Tabs.Trigger value="commentary" className="subtabs__tab">
              <Mic size={13} aria-hidden /> {t('commentary.title')}
            </Tabs.Trigger>
          </Tabs.List>
        </div>
        <Tabs.Content value="inspector" className="panel__body stack">
          <Selected />
        </Tabs.Content>
        <Tabs.Content value="words" className="panel__body">
          <WordsPanel />
        </Tabs.Content>
        <Tabs.Content value="labels" className="panel__body">
          <LabelsPanel />
        </Tabs.Content>
        <Tabs.Content value="commentary" className="panel__body">
          <CommentaryPanel />
        </Tabs.Content>
      </Tabs.Root>
    </section>
  )
}

/** What is selected, with what the aligners believe of it. */
function Selected() {
  // After the frame that shows a change on the timeline.
  const document = useDeferredValue(useDocument((state) => state.document))
  const assetId = useSession((state) => state.selectedAssetId)
  const clipIds = useSession((state) => state.selectedClipIds)
  const markerId = useSession((state) => state.selectedMarkerId)
  const marker = markerId ? document.get(markerId) : undefined
  const asset = assetId ? document.get(assetId) : undefined
  const clips = useMemo(
    () => recordsOf(document, 'track').flatMap((track) => track.clips.filter((clip) => clipIds.has(clip.id))),
    [document, clipIds],
  )
  const heard = useMemo(() => heardClips(document, clipIds), [document, clipIds])
  return (
    <>
      {marker?.kind === 'marker' ? <MarkerFacts key={marker.id} marker={marker} /> : null}
      {clips.length > 0 ? <ClipFacts clips={clips} /> : null}
      {heard.length > 0 ? <SoundFacts clips={heard} /> : null}
      {asset?.kind === 'asset' ? <AssetFacts asset={asset} document={document} /> : null}
      {!asset && !marker && clips.length === 0 ? <ProjectFacts document={document} /> : null}
    </>
  )
}

const AssetFacts = memo(function AssetFacts({ asset, document }: { asset: Asset; document: Document }) {
  const { commit } = useEngine()
  const relink = useRelink()
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
      {asset.missing ? (
        <div className="stack" role="status">
          <span className="muted">{t(asset.changed ? 'stage.changed' : 'stage.missing', { title: asset.title })}</span>
          <button className="button" onClick={() => relink(asset.id)}>
            {t('library.chooseAgain')}
          </button>
        </div>
      ) : null}
      {asset.assetKind === 'image' && !asset.missing ? (
        <StillImage
          assetId={asset.id}
          className="inspector__still"
          otherwise={<p className="faint">{t('stage.unshown', { format: asset.format })}</p>}
        />
      ) : null}
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
              <li key={warning.code + warning.message}>
                {reasonWords({ reason: warning.message, said: warning.said })}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  )
})

function streamWords(stream: Stream): string {
  return [
    stream.codec,
    stream.width && stream.height ? `${stream.width} × ${stream.height}` : null,
    stream.frameRate
      ? t('inspector.fps', { rate: Number((stream.frameRate.numerator / stream.frameRate.denominator).toFixed(3)) })
      : null,
    stream.sampleRateHz && !stream.frameRate
      ? `${figureWords(String(Number(stream.sampleRateHz.toFixed(2))))} Hz`
      : null,
    stream.channels ? t('inspector.channels', { channels: stream.channels }) : null,
    stream.pointCount ? t('inspector.points', { points: stream.pointCount }) : null,
    stream.triangleCount ? t('inspector.triangles', { triangles: stream.triangleCount }) : null,
    stream.sampleCount && !stream.pointCount
      ? t(stream.frameRate ? 'inspector.pictures' : 'inspector.samples', { samples: stream.sampleCount })
      : null,
    stream.gaps && stream.gaps.length > 0
      ? t('inspector.gaps', {
          count: stream.gaps.length,
          seconds: decimalWords(
            stream.gaps.reduce((sum, gap) => sum + gap.durationSeconds, 0),
            2,
          ),
        })
      : null,
  ]
    .filter(Boolean)
    .join(' · ')
}

function TimeFacts({ asset, document }: { asset: Asset; document: Document }) {
  const streams = recordsOf(document, 'stream').filter((stream) => stream.assetId === asset.id)
  const maps = recordsOf(document, 'clock')
    .filter(({ id }) => streams.some((stream) => stream.clockId === id && stream.durationSeconds !== null))
    .map((clock) => ({ clock, map: document.get(timeMapId(clock.id)) }))
  return (
    <>
      <h3>{t('inspector.time')}</h3>
      {maps.length === 0 && <p className="muted">{t('inspector.timeless')}</p>}
      {maps.map(({ clock, map }) =>
        map?.kind === 'timeMap' ? (
          <dl key={clock.id} className="facts">
            <dt>{t('inspector.offset')}</dt>
            <dd className="num">{withSigma(map.offsetSeconds, map.sigmaOffsetSeconds)}</dd>
            <dt>{t('inspector.drift')}</dt>
            <dd className="num">
              {signed(map.ratePpm, 2)} ppm ± {decimalWords(map.sigmaRatePpm, 2)}
            </dd>
            <dt>{t('inspector.belief')}</dt>
            <dd>
              {t('inspector.beliefBy', { percent: percentWords(map.confidence), method: methodWords(map.method) })}
            </dd>
          </dl>
        ) : (
          <p key={clock.id} className="muted">
            {t('inspector.notAligned', {
              title: clock.source === 'container' ? t('inspector.container') : clock.title,
            })}
          </p>
        ),
      )}
    </>
  )
}

/** What the recording has of this span beside the clip, and the edit has not. */
function LeftOut({ clip }: { clip: Clip }) {
  const document = useDeferredValue(useDocument((state) => state.document))
  const left = useMemo(() => leftOutBeside(document, clip), [document, clip])
  if (left.length === 0) return null
  const sensors = [...new Set(left.map(({ sensor }) => t(`sensor.${sensor}`)))].join(', ')
  return (
    <p className="muted" role="note">
      {t('inspector.leftOut', { sensors })}
    </p>
  )
}

/** Where its sensor parts from the picture, at its ends. */
function Joints({ clip }: { clip: Clip }) {
  const document = useDeferredValue(useDocument((state) => state.document))
  const words = useMemo(() => {
    const track = recordsOf(document, 'track').find(({ clips }) => clips.some(({ id }) => id === clip.id))
    const own = track ? (sensorJoints(document).get(track.id) ?? []) : []
    return own.filter(({ clipIds }) => clipIds.includes(clip.id)).map((joint) => jointWords(joint, track!.sensor))
  }, [document, clip])
  return words.map((each) => (
    <p key={each} className="muted" role="note">
      {each}
    </p>
  ))
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
      <LeftOut clip={clip} />
      <Joints clip={clip} />
    </>
  )
}
