import { useEffect, useRef, useState } from 'react'
import { VideoOff } from 'lucide-react'
import type { Document } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { countDerived } from '../state/derived-cache.ts'
import { useJobs } from '../state/jobs-store.ts'
import { t } from '../i18n/text.ts'
import { useLatest } from '../ui/use-latest.ts'
import { momentOf, playUrl, tracksOfStream } from './clip-time.ts'
import { everyFrame, follow } from './media-follower.ts'

/** What a camera is called. */
export function cameraTitle(document: Document, stream: Stream): string {
  const asset = document.get(stream.assetId)
  return asset?.kind === 'asset' ? asset.title : stream.assetId
}

/** What one camera shows at the playhead. */
export function Picture({ stream, document }: { stream: Stream; document: Document }) {
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
        aria-label={t('stage.pictureOf', { title: cameraTitle(document, stream) })}
      />
      {state === 'undecodable' ? (
        <div className="picture__note">
          <VideoOff size={22} aria-hidden />
          {t('stage.undecodable', { format: stream.codec ?? t('stage.thisFormat') })}
        </div>
      ) : null}
      {state === 'outside' ? (
        <div className="picture__note">{t('stage.outside', { title: cameraTitle(document, stream) })}</div>
      ) : null}
    </>
  )
}
