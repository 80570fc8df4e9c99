import { useEffect, useRef, type MouseEvent } from 'react'
import { PackageOpen } from 'lucide-react'
import { streamsOf } from '../../../shared/document/document.ts'
import { namesWords } from '../i18n/names.ts'
import { titleOfAsset } from '../align/align-facts.tsx'
import { t, type PlainKey } from '../i18n/text.ts'
import { useSession } from '../state/session-store.ts'
import { Picture } from './picture.tsx'
import { isPicking, useStage, type WorldTool } from './stage-store.ts'
import { useWorldContents, type PlacedStream, type WorldContents } from './world-contents.ts'
import { useWorldDocument } from './world-document.ts'
import { WorldScene } from './world-scene.tsx'
import { WorldTools } from './world-tools.tsx'

/** Scans, camera paths and headset poses in one world. What has no place in it yet is shown where its own frame says. */
export function WorldView() {
  const contents = useWorldContents()
  const document = useWorldDocument()
  if (contents.assetIds.size === 0) return <div className="world empty">{t('stage.noWorld')}</div>
  return (
    <div className="world" role="group" aria-label={t('stage.world')}>
      <WorldForKeys>
        <WorldScene contents={contents} />
      </WorldForKeys>
      <PictureOver devices={contents.devices} />
      <WorldTools
        document={document}
        devices={contents.devices.flatMap(({ stream }) => (stream.rotationUnknown ? [] : stream))}
        hasBodies={contents.people.length > 0}
        fixedBecause={contents.fixedBecause}
      />
      <Foot contents={contents} />
    </div>
  )
}

/** The world as one stop for Tab, with the crosshair that keys move while it has the focus. */
function WorldForKeys({ children }: { readonly children: React.ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  const { across, up } = useStage((state) => state.crosshair)
  const picks = useStage(isPicking)
  const asked = useStage((state) => state.keysAsked)
  useEffect(() => {
    if (asked > 0) place.current?.focus()
  }, [asked])
  return (
    <div
      ref={place}
      className="world__view"
      data-keys="world"
      tabIndex={0}
      role="application"
      aria-label={t('stage.keys')}
      onMouseDown={leaveKeys}
    >
      {children}
      {picks ? (
        <div
          className="world__crosshair"
          style={{ left: `${((across + 1) / 2) * 100}%`, top: `${((1 - up) / 2) * 100}%` }}
          aria-hidden
        />
      ) : null}
    </div>
  )
}

/** A click leaves the keys to the whole window, unless they are here already: whoever orbits by pointer zooms the timeline with + and -. */
function leaveKeys(event: MouseEvent<HTMLElement>): void {
  event.preventDefault()
  const { activeElement } = document
  if (activeElement instanceof HTMLElement && activeElement !== event.currentTarget) activeElement.blur()
}

/** The picture that the device one looks through recorded where it was, over what is scanned there. */
function PictureOver({ devices }: { readonly devices: readonly PlacedStream[] }) {
  const document = useWorldDocument()
  const lookThroughId = useStage((state) => state.lookThroughStreamId)
  const opacity = useStage((state) => state.pictureOpacity)
  const device = devices.find(({ stream }) => stream.id === lookThroughId)
  const picture = device && streamsOf(document, device.stream.assetId).find(({ sensor }) => sensor === 'video')
  return picture ? (
    <div className="world__overlay" style={{ opacity }}>
      <Picture stream={picture} />
    </div>
  ) : null
}

/** What keys do with the tool in hand, seen while the world has the focus. */
const HINTS: Readonly<Record<WorldTool | 'box', PlainKey>> = {
  look: 'stage.keysLook',
  measure: 'stage.keysPick',
  landmarks: 'stage.keysPick',
  boxes: 'stage.keysPick',
  move: 'stage.keysMove',
  turn: 'stage.keysTurn',
  box: 'stage.keysBox',
}

function Foot({ contents: { scans, withoutPlace, ownFrame } }: { readonly contents: WorldContents }) {
  const document = useWorldDocument()
  const cutaway = useSession((state) => state.cutaway)
  const tool = useStage((state) => state.tool)
  const keysOnBox = useStage((state) => state.keysOnBox)
  const title = (assetId: string): string => titleOfAsset(document, assetId)
  const note =
    withoutPlace.length > 0
      ? t('stage.unplaced', { titles: namesWords(withoutPlace.map(title)) })
      : ownFrame.length > 0
        ? t('stage.ownFrame', { titles: namesWords(ownFrame.map(title)) })
        : null
  return (
    <div className="world__foot">
      <div className="world__hint">{t(HINTS[tool === 'boxes' && keysOnBox ? 'box' : tool])}</div>
      {note ? <div className="world__note">{note}</div> : null}
      {scans.length > 0 ? (
        <button
          className="button world__cutaway"
          aria-pressed={cutaway}
          title={t('stage.cutawayHint')}
          onClick={() => useSession.setState({ cutaway: !cutaway })}
        >
          <PackageOpen size={14} aria-hidden /> {t('stage.cutaway')}
        </button>
      ) : null}
    </div>
  )
}
