import { useMemo } from 'react'
import { Canvas } from '@react-three/fiber'
import { PackageOpen } from 'lucide-react'
import { recordsOf, streamsOf, transformId, type Document } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { useDocument } from '../state/document-store.ts'
import { usePreferences } from '../state/preferences.ts'
import { useSession } from '../state/session-store.ts'
import { BodyNow, bodiesOf, isWholeBody } from './bodies-now.tsx'
import { BoxTool } from './box-tool.tsx'
import { asRecorded, withCandidate } from './candidate-preview.ts'
import { DepthNow, depthBeside } from './depth-now.tsx'
import { DevicePath } from './device-path.tsx'
import { DistanceColors } from './distance-colors.tsx'
import { LandmarkTool } from './landmark-tool.tsx'
import { LookThrough } from './look-through.tsx'
import { MeasureTool } from './measure-tool.tsx'
import { OrbitView } from './orbit-view.tsx'
import { quietThree } from './three-console.ts'
import { placementsOf } from './placement.ts'
import { PointBudget } from './point-budget.tsx'
import { useWorldSamples, worldBox } from './scan-bounds.ts'
import { Picture } from './picture.tsx'
import { PlaceTool } from './place-tool.tsx'
import { ScanObject } from './scan-object.tsx'
import { useStage } from './stage-store.ts'
import { WorldTools, reasonNotToMove } from './world-tools.tsx'
import { t } from '../i18n/text.ts'

quietThree()

const SCAN_SENSORS = new Set(['points', 'mesh', 'splats'])
const TINTS = ['#ffffff', '#ffd9a8', '#b8d8ff', '#d3ffd0', '#ffc9de', '#e3d4ff']

/** Scans, camera paths and headset poses in one world. What has no place in it yet is shown where its own frame says. */
export function WorldView() {
  const document = useDocument((state) => state.document)
  const theme = usePreferences((state) => state.theme)
  const selected = useSession((state) => state.selectedAssetId)
  const cutaway = useSession((state) => state.cutaway)
  const scans = useMemo(() => streamsWith(document, SCAN_SENSORS), [document])
  const bodies = useMemo(() => bodiesOf(document), [document])
  const paths = useMemo(() => {
    const whole = new Set(bodies.drawn.filter(isWholeBody).map(({ assetId }) => assetId))
    return streamsWith(document, new Set(['pose'])).filter(({ assetId }) => !whole.has(assetId))
  }, [document, bodies])
  const preview = useStage((state) => state.preview)
  const before = useStage((state) => state.asRecorded)
  const placements = useMemo(() => {
    const after = placementsOf(document, scans)
    return before ? asRecorded(after) : withCandidate(document, after, preview)
  }, [document, scans, before, preview])
  const samples = useWorldSamples((state) => state.samples)
  const room = useMemo(() => worldBox(samples), [samples])
  const tool = useStage((state) => state.tool)
  const lookThroughId = useStage((state) => state.lookThroughStreamId)
  const distances = useStage((state) => state.distances)
  const depthNow = useStage((state) => state.depthNow)
  const bodiesNow = useStage((state) => state.bodiesNow)
  const opacity = useStage((state) => state.pictureOpacity)
  // A hand below the floor, so that the floor of a scan does not flicker through it. Nothing else tells where a floor is.
  const floor = room && scans.length > 0 ? room.box.min.y - 0.03 : 0
  if (scans.length + paths.length + bodies.drawn.length === 0) {
    return <div className="world empty">{t('stage.noWorld')}</div>
  }
  const inWorld = new Set([...scans, ...paths, ...bodies.drawn].map((stream) => stream.assetId))
  const loose = [...inWorld].filter((assetId) => !document.has(transformId(assetId)))
  const fades = selected !== null && inWorld.has(selected) && inWorld.size > 1
  const light = theme === 'light'
  // A path without a place would lead through rooms that it never saw.
  const placeOf = ({ assetId }: Stream): readonly number[] | null => {
    if (before) return IDENTITY
    const transform = document.get(transformId(assetId))
    const tried = preview ? placements.get(assetId) : undefined
    const found = transform?.kind === 'transform' ? transform.worldFromAsset : null
    return tried?.isPlaced ? tried.matrix : (found ?? (scans.length === 0 ? IDENTITY : null))
  }
  const withPlace = (streams: readonly Stream[]) =>
    streams.flatMap((stream) => {
      const matrix = placeOf(stream)
      return matrix ? [{ stream, matrix }] : []
    })
  const devices = withPlace(paths)
  const people = withPlace(bodies.drawn)
  const lookedThrough = devices.find(({ stream }) => stream.id === lookThroughId)
  const fixedBecause =
    before || preview ? t('stage.beforeFixed') : reasonNotToMove(document, selected, new Set(placements.keys()))
  const moved = selected !== null && fixedBecause === null ? placements.get(selected) : undefined
  const measuredScan = distances ? placements.get(distances.assetId) : undefined
  const overlay = lookedThrough && cameraBeside(document, lookedThrough.stream)
  return (
    <div className="world" role="group" aria-label={t('stage.world')}>
      <Canvas
        camera={{ position: [4.5, 4.5, 6], fov: 50, near: 0.02, far: 500 }}
        dpr={[1, 2]}
        frameloop="demand"
        gl={{ antialias: true, localClippingEnabled: true }}
      >
        <color attach="background" args={[light ? '#dfe4ec' : '#0b0e13']} />
        <hemisphereLight args={['#ffffff', '#59606e', 2.2]} />
        <directionalLight position={[3, 6, 2]} intensity={1.4} />
        <gridHelper
          args={[20, 20, light ? '#9aa6b8' : '#3a4556', light ? '#c6cedb' : '#1c232e']}
          position={[0, floor, 0]}
        />
        <OrbitView room={room} />
        <PointBudget />
        {scans.map((stream, n) => {
          const placement = placements.get(stream.assetId)
          return placement ? (
            <ScanObject
              key={stream.id}
              stream={stream}
              placement={placement}
              tint={TINTS[n % TINTS.length]!}
              faded={fades && selected !== stream.assetId}
            />
          ) : null
        })}
        {devices.map(({ stream, matrix }) =>
          stream.id === lookThroughId ? (
            <LookThrough key={stream.id} stream={stream} matrix={matrix} document={document} />
          ) : (
            <DevicePath key={stream.id} stream={stream} matrix={matrix} document={document} />
          ),
        )}
        {devices.map(({ stream, matrix }) => {
          // Through its own camera a depth picture would cover what one wants to see.
          const depth = depthNow && stream.id !== lookThroughId ? depthBeside(document, stream) : undefined
          return depth ? <DepthNow key={depth.id} stream={depth} matrix={matrix} document={document} /> : null
        })}
        {bodiesNow
          ? people.map(({ stream, matrix }) => (
              <BodyNow key={stream.id} stream={stream} matrix={matrix} document={document} />
            ))
          : null}
        {tool === 'measure' ? <MeasureTool /> : null}
        {tool === 'landmarks' ? <LandmarkTool placements={placements} /> : null}
        {tool === 'boxes' ? <BoxTool scans={scans} placements={placements} /> : null}
        {measuredScan && distances ? <DistanceColors shown={distances} placement={measuredScan} /> : null}
        {moved && selected !== null && (tool === 'move' || tool === 'turn') ? (
          <PlaceTool assetId={selected} matrix={moved.matrix} mode={tool === 'move' ? 'translate' : 'rotate'} />
        ) : null}
      </Canvas>
      {overlay ? (
        <div className="world__overlay" style={{ opacity }}>
          <Picture stream={overlay} />
        </div>
      ) : null}
      <WorldTools
        document={document}
        devices={devices.map(({ stream }) => stream)}
        hasBodies={people.length > 0}
        fixedBecause={fixedBecause}
      />
      <div className="world__foot">
        {loose.length > 0 ? (
          <div className="world__note">
            {t('stage.unplaced', { titles: loose.map((assetId) => titleOf(document, assetId)).join(', ') })}
          </div>
        ) : bodies.ownFrame.length > 0 ? (
          <div className="world__note">
            {t('stage.ownFrame', { titles: bodies.ownFrame.map((assetId) => titleOf(document, assetId)).join(', ') })}
          </div>
        ) : null}
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
    </div>
  )
}

function streamsWith(document: Document, sensors: ReadonlySet<string>): Stream[] {
  return recordsOf(document, 'stream').filter((stream) => sensors.has(stream.sensor))
}

/** The picture that the device recorded where it was. */
function cameraBeside(document: Document, { assetId }: Stream): Stream | undefined {
  return streamsOf(document, assetId).find((stream) => stream.sensor === 'video')
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

function titleOf(document: Document, assetId: string): string {
  const asset = document.get(assetId)
  return asset?.kind === 'asset' ? asset.title : assetId
}
