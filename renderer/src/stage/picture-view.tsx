import { useEffect, useMemo, useRef, useState } from 'react'
import { VideoOff } from 'lucide-react'
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { countDerived } from '../state/derived-cache.ts'
import { useJobs } from '../state/jobs-store.ts'
import { useLatest } from '../ui/use-latest.ts'
import { momentOf, playUrl, tracksOfStream } from './clip-time.ts'
import { everyFrame, follow } from './media-follower.ts'
import { t } from '../i18n/text.ts'

/** The picture of one camera; the others are one click away. */
export function PictureView() {
  const document = useDocument((state) => state.document)
  const viewed = useSession((state) => state.viewedStreamId)
  const videos = useMemo(() => recordsOf(document, 'stream').filter((stream) => stream.sensor === 'video'), [document])
  const stream = videos.find((each) => each.id === viewed) ?? videos[0]
  return (
    <div className="picture">
      {stream ? (
        <Picture key={stream.id} stream={stream} document={document} />
      ) : (
        <div className="empty">{t('stage.noPicture')}</div>
      )}
      <Words document={document} />
      {videos.length > 1 ? (
        <div className="picture__cameras" role="group" aria-label={t('stage.cameras')}>
          {videos.map((each, n) => (
            <button
              key={each.id}
              className="button"
              aria-pressed={each.id === stream?.id}
              onClick={() => useSession.setState({ viewedStreamId: each.id })}
            >
              {n + 1} {titleOf(document, each)}
            </button>
          ))}
        </div>
      ) : null}
    </div>
  )
}

function titleOf(document: Document, stream: Stream): string {
  const asset = document.get(stream.assetId)
  return asset?.kind === 'asset' ? asset.title : stream.assetId
}

function Picture({ stream, document }: { stream: Stream; document: Document }) {
  const element = useRef<HTMLVideoElement>(null)
  const latest = useLatest(document)
  const derived = useJobs((state) => countDerived(state.jobs))
  const [state, setState] = useState<'waiting' | 'shown' | 'outside' | 'undecodable'>('waiting')

  useEffect(() => {
    const video = element.current
    if (!video) return
    return everyFrame((seconds) => {
      const tracks = tracksOfStream(latest.current, stream.id)
      const moment =
        tracks
          .map((track) => momentOf(latest.current, track, seconds))
          .find((each) => each?.clip.streamId === stream.id) ?? null
      // The sound of every track, this one's too, has players of its own.
      follow(video, moment && { seconds: moment.sourceSeconds, rate: moment.sourceRate }, 0)
      // A browser loads HEVC or ProRes without an error and shows nothing: the width tells.
      const undecodable = video.readyState >= 1 && video.videoWidth === 0
      setState(undecodable ? 'undecodable' : !moment ? 'outside' : video.readyState >= 2 ? 'shown' : 'waiting')
    })
  }, [stream.id, latest])

  return (
    <>
      <video
        ref={element}
        key={state === 'undecodable' ? derived : 0}
        className="picture__video"
        src={playUrl(stream)}
        muted
        playsInline
        preload="auto"
        data-state={state}
        aria-label={t('stage.pictureOf', { title: titleOf(document, stream) })}
      />
      {state === 'undecodable' ? (
        <div className="picture__note">
          <VideoOff size={22} aria-hidden />
          {t('stage.undecodable', { format: stream.codec ?? t('stage.thisFormat') })}
        </div>
      ) : null}
      {state === 'outside' ? (
        <div className="picture__note">{t('stage.outside', { title: titleOf(document, stream) })}</div>
      ) : null}
    </>
  )
}

/** What is said or written at the playhead, under the picture. */
function Words({ document }: { document: Document }) {
  const text = useRef<HTMLDivElement>(null)
  const captions = useMemo(() => recordsOf(document, 'caption'), [document])
  useEffect(
    () =>
      everyFrame((seconds) => {
        const shown = captions
          .filter(
            (caption) =>
              secondsFromTicks(caption.startTicks) <= seconds && seconds < secondsFromTicks(caption.endTicks),
          )
          .map((caption) => caption.text)
          .join(' ')
        if (text.current && text.current.textContent !== shown) text.current.textContent = shown
      }),
    [captions],
  )
  return <div ref={text} className="picture__words" />
}
