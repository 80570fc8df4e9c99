import { useEffect, useRef, useState } from 'react'
import { VideoOff } from 'lucide-react'
import type { Stream } from '../../../shared/document/records.ts'
import { useDocument } from '../state/document-store.ts'
import { countDerived } from '../state/derived-cache.ts'
import { useJobs } from '../state/jobs-store.ts'
import { t } from '../i18n/text.ts'
import { momentOf, playUrl, tracksOfStream } from './clip-time.ts'
import { everyFrame, follow } from './media-follower.ts'

/** What a camera is called. */
function useCameraTitle({ assetId }: Stream): string {
  return useDocument(({ document }) => {
    const asset = document.get(assetId)
    return asset?.kind === 'asset' ? asset.title : assetId
  })
}

export function CameraTitle({ stream }: { stream: Stream }) {
  return useCameraTitle(stream)
}

/** What one camera shows at the playhead. */
export function Picture({ stream }: { stream: Stream }) {
  const element = useRef<HTMLVideoElement>(null)
  const title = useCameraTitle(stream)
  const derived = useJobs((state) => countDerived(state.jobs))
  const [state, setState] = useState<'waiting' | 'shown' | 'outside' | 'undecodable'>('waiting')

  useEffect(() => {
    const video = element.current
    if (!video) return
    return everyFrame((seconds) => {
      const { document } = useDocument.getState()
      const moment =
        tracksOfStream(document, stream.id)
          .map((track) => momentOf(document, track, seconds))
          .find((each) => each?.clip.streamId === stream.id) ?? null
      // The sound of every track, this one's too, has players of its own.
      follow(video, moment && { seconds: moment.sourceSeconds, rate: moment.sourceRate }, 0)
      // A browser loads HEVC or ProRes without an error and shows nothing: the width tells.
      const undecodable = video.readyState >= 1 && video.videoWidth === 0
      setState(undecodable ? 'undecodable' : !moment ? 'outside' : video.readyState >= 2 ? 'shown' : 'waiting')
    })
  }, [stream.id])

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
        aria-label={t('stage.pictureOf', { title })}
      />
      {state === 'undecodable' ? (
        <div className="picture__note">
          <VideoOff size={22} aria-hidden />
          {t('stage.undecodable', { format: stream.codec ?? t('stage.thisFormat') })}
        </div>
      ) : null}
      {state === 'outside' ? <div className="picture__note">{t('stage.outside', { title })}</div> : null}
    </>
  )
}
