import { useEffect, useRef, useState } from 'react'
import { FileQuestion, VideoOff } from 'lucide-react'
import { streamsOf } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { useRelink } from '../library/relink.ts'
import { isEngineAway } from '../state/connection.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { lookForMedia } from '../state/look-for-media.ts'
import { useDocument } from '../state/document-store.ts'
import { useJobs } from '../state/jobs-store.ts'
import { useTransport } from '../state/transport.ts'
import { t } from '../i18n/text.ts'
import { ShortName } from '../ui/short-name.tsx'
import { useLatest } from '../ui/use-latest.ts'
import { pictureOf, playUrl } from './clip-time.ts'
import { followWith, PictureFollower } from './media-follower.ts'
import { Outside } from './outside.tsx'
import { drawStandIn } from './stand-in.ts'
import { StillPicture } from './still-picture.ts'

/** What a camera is called. */
export function useCameraTitle({ assetId }: Stream): string {
  return useDocument(({ document }) => {
    const asset = document.get(assetId)
    return asset?.kind === 'asset' ? asset.title : assetId
  })
}

export function CameraTitle({ stream }: { stream: Stream }) {
  return <ShortName>{useCameraTitle(stream)}</ShortName>
}

/** What one camera shows at the playhead, or why it shows nothing. */
export function Picture({ stream }: { stream: Stream }) {
  const title = useCameraTitle(stream)
  const away = useDocument(({ document }) => {
    const asset = document.get(stream.assetId)
    return asset?.kind === 'asset' && asset.missing ? (asset.changed ? 'changed' : 'missing') : null
  })
  const relink = useRelink()
  if (!away) return <PictureThere stream={stream} title={title} />
  return (
    <div className="picture__note" role="status">
      <FileQuestion size={22} aria-hidden />
      {t(`stage.${away}`, { title })}
      <button className="button" onClick={() => relink(stream.assetId)}>
        {t('library.chooseAgain')}
      </button>
    </div>
  )
}

/** What could not be shown while its file was away is no word about the file that is back. */
function PictureThere({ stream, title }: { readonly stream: Stream; readonly title: string }) {
  const derived = useJobs((state) => state.derived)
  // How far background work was when what cannot be shown was asked for: what it made since may be a version that can.
  const [failedAt, setFailedAt] = useState<number | null>(null)
  const isBeingMade = useJobs((state) => state.deriving.get(stream.assetId) === 'making')
  const { client, run } = useEngine()
  if (failedAt === derived) {
    return (
      <div className="picture__note" role="status">
        <VideoOff size={22} aria-hidden />
        {t(isBeingMade ? 'stage.undecodable' : 'stage.unshown', { format: stream.codec ?? t('stage.thisFormat') })}
        {isBeingMade ? null : (
          <button className="button" onClick={() => void run('derive', { assetId: stream.assetId })}>
            {t('stage.makeVersion')}
          </button>
        )}
      </div>
    )
  }
  return (
    <Film
      key={failedAt}
      stream={stream}
      title={title}
      onUndecodable={(derivedWhenAsked) => {
        // Nobody could have given it.
        if (isEngineAway()) return
        setFailedAt(derivedWhenAsked)
        // Its file may have gone since it was last looked for.
        lookForMedia(client).catch(showFailure)
      }}
    />
  )
}

/** Thumbnails are of a recording's first picture stream. */
function hasThumbnails(streamId: string, assetId: string): boolean {
  return streamsOf(useDocument.getState().document, assetId).find(({ sensor }) => sensor === 'video')?.id === streamId
}

interface FilmProps {
  readonly stream: Stream
  readonly title: string
  /** With how far background work was when the film was asked for: a version may have been made while it loaded. */
  readonly onUndecodable: (derivedWhenAsked: number) => void
}

function Film({ stream, title, onUndecodable }: FilmProps) {
  const { id, assetId } = stream
  const element = useRef<HTMLVideoElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const near = useRef<HTMLCanvasElement>(null)
  const undecodable = useLatest(onUndecodable)
  const [state, setState] = useState<'waiting' | 'shown' | 'outside'>('waiting')
  // By another address after background work: the browser would show what it has kept of an original that it cannot show.
  const [derivedWhenAsked] = useState(() => useJobs.getState().derived)
  const url = `${playUrl(stream)}&after=${derivedWhenAsked}`

  useEffect(() => {
    const video = element.current
    const over = canvas.current
    const instead = near.current
    if (!video || !over || !instead) return
    // The sound of every track, this one's too, has players of its own.
    video.volume = 0
    const standIn = (seconds: number): boolean => hasThumbnails(id, assetId) && drawStandIn(instead, assetId, seconds)
    const still = new StillPicture(video, over, url, standIn)
    const follower = new PictureFollower(video)
    const stop = followWith(video, (seconds) => {
      const moment = pictureOf(useDocument.getState().document, id, seconds)
      const wanted = moment && { seconds: moment.sourceSeconds, rate: moment.sourceRate }
      const stands = useTransport.getState().rate === 0
      follower.follow(wanted, seconds, still.follow(stands ? wanted : null))
      // A browser loads HEVC or ProRes without an error and shows nothing, or says that it cannot: the width tells.
      if (video.error !== null || (video.readyState >= 1 && video.videoWidth === 0))
        undecodable.current(derivedWhenAsked)
      else setState(!moment ? 'outside' : video.readyState >= 2 ? 'shown' : 'waiting')
    })
    return () => {
      stop()
      follower.dispose()
      still.dispose()
    }
  }, [id, assetId, undecodable, derivedWhenAsked, url])

  return (
    <>
      <video
        ref={element}
        className="picture__video"
        src={url}
        muted
        playsInline
        preload="auto"
        data-state={state}
        aria-label={t('stage.pictureOf', { title })}
      />
      <canvas ref={canvas} className="picture__still" aria-hidden />
      <canvas ref={near} className="picture__near" aria-hidden />
      <span className="picture__coming" aria-hidden>
        {t('stage.exactComing')}
      </span>
      {state === 'outside' ? <Outside stream={stream} title={title} /> : null}
    </>
  )
}
