import { PackageOpen } from 'lucide-react'
import { streamsOf, type Document } from '../../../shared/document/document.ts'
import { t } from '../i18n/text.ts'
import { useSession } from '../state/session-store.ts'
import { Picture } from './picture.tsx'
import { useStage } from './stage-store.ts'
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
      <WorldScene contents={contents} />
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

function Foot({ contents: { scans, withoutPlace, ownFrame } }: { readonly contents: WorldContents }) {
  const document = useWorldDocument()
  const cutaway = useSession((state) => state.cutaway)
  const note =
    withoutPlace.length > 0
      ? t('stage.unplaced', { titles: titlesOf(document, withoutPlace) })
      : ownFrame.length > 0
        ? t('stage.ownFrame', { titles: titlesOf(document, ownFrame) })
        : null
  return (
    <div className="world__foot">
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

function titlesOf(document: Document, assetIds: readonly string[]): string {
  return assetIds
    .map((assetId) => {
      const asset = document.get(assetId)
      return asset?.kind === 'asset' ? asset.title : assetId
    })
    .join(', ')
}
