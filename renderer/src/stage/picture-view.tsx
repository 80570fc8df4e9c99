import { useEffect, useRef } from 'react'
import { LayoutGrid } from 'lucide-react'
import type { Stream } from '../../../shared/document/records.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { useSession } from '../state/session-store.ts'
import { t } from '../i18n/text.ts'
import { everyFrame } from '../state/frames.ts'
import { useRecords } from '../state/use-records.ts'
import { useCameras } from './cameras.ts'
import { CameraTitle, Picture, useCameraTitle } from './picture.tsx'
import { useStage } from './stage-store.ts'

/** Buttons with names beside each other. */
const MOST_NAMED = 4
/** More would be stamps, and more than a browser decodes at once; more than number keys there are, and a row of them too wide. */
const MOST_CAMERAS = 9

/** The picture of one camera, the others one click away; or all of them, on one playhead. */
export function PictureView() {
  const videos = useCameras()
  const viewed = useSession((state) => state.viewedStreamId)
  const allCameras = useStage((state) => state.allCameras)
  const stream = videos.find((each) => each.id === viewed) ?? videos[0]
  const shown = allCameras ? videos.slice(0, MOST_CAMERAS) : stream ? [stream] : []
  return (
    <div className="picture">
      {shown.length === 0 ? <div className="empty">{t('stage.noPicture')}</div> : null}
      <div className="picture__grid" style={{ '--across': Math.ceil(Math.sqrt(shown.length)) } as React.CSSProperties}>
        {shown.map((each) => (
          <div key={each.id} className="picture__cell" data-viewed={shown.length > 1 && each.id === stream?.id}>
            <Picture stream={each} />
            {shown.length > 1 ? (
              <span className="picture__name" aria-hidden>
                {videos.indexOf(each) + 1} <CameraTitle stream={each} />
              </span>
            ) : null}
          </div>
        ))}
      </div>
      <Words />
      {videos.length > 1 ? (
        <div
          className="picture__cameras"
          data-many={videos.length > MOST_NAMED}
          role="group"
          aria-label={t('stage.cameras')}
        >
          {videos.length > MOST_CAMERAS ? (
            <select
              className="picture__choice"
              aria-label={t('stage.cameras')}
              value={stream?.id}
              onChange={(event) => useSession.setState({ viewedStreamId: event.target.value })}
            >
              {videos.map((each, n) => (
                <CameraOption key={each.id} stream={each} number={n + 1} />
              ))}
            </select>
          ) : (
            videos.map((each, n) => (
              <button
                key={each.id}
                className="button"
                aria-pressed={each.id === stream?.id}
                title={t('stage.showCamera', { number: n + 1 })}
                onClick={() => useSession.setState({ viewedStreamId: each.id })}
              >
                {n + 1}{' '}
                <span className="picture__title">
                  <CameraTitle stream={each} />
                </span>
              </button>
            ))
          )}
          <button
            className="button button--icon"
            aria-pressed={allCameras}
            aria-label={t('stage.allCameras')}
            title={t('stage.allCameras')}
            onClick={() => useStage.setState({ allCameras: !allCameras })}
          >
            <LayoutGrid size={13} aria-hidden />
          </button>
        </div>
      ) : null}
    </div>
  )
}

function CameraOption({ stream, number }: { stream: Stream; number: number }) {
  return <option value={stream.id}>{`${number} ${useCameraTitle(stream)}`}</option>
}

/** What is said or written at the playhead, under the picture. */
function Words() {
  const text = useRef<HTMLDivElement>(null)
  const captions = useRecords('caption')
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
