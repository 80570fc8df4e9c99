import { memo, useMemo } from 'react'
import { Canvas } from '@react-three/fiber'
import { usePreferences } from '../state/preferences.ts'
import { useSession } from '../state/session-store.ts'
import { BodyNow } from './bodies-now.tsx'
import { BoxTool } from './box-tool.tsx'
import { DepthNow, depthBeside } from './depth-now.tsx'
import { DevicePath } from './device-path.tsx'
import { DistanceColors } from './distance-colors.tsx'
import { LandmarkTool } from './landmark-tool.tsx'
import { LookThrough } from './look-through.tsx'
import { MeasureTool } from './measure-tool.tsx'
import { OrbitView } from './orbit-view.tsx'
import { PlaceTool } from './place-tool.tsx'
import { PointBudget } from './point-budget.tsx'
import { useWorldSamples, worldBox } from './scan-bounds.ts'
import { ScanObject } from './scan-object.tsx'
import { useStage } from './stage-store.ts'
import { quietThree } from './three-console.ts'
import type { WorldContents } from './world-contents.ts'
import { useWorldDocument } from './world-document.ts'

quietThree()

/** A hand below the floor, so that the floor of a scan does not flicker through the grid. */
const GRID_BELOW_FLOOR_METRES = 0.03
/** `tints`: of scans that have no colours of their own, to be told from each other and from the background. */
const DARK = {
  background: '#0b0e13',
  gridAxes: '#3a4556',
  gridLines: '#1c232e',
  tints: ['#ffffff', '#ffd9a8', '#b8d8ff', '#d3ffd0', '#ffc9de', '#e3d4ff'],
}
const LIGHT = {
  background: '#dfe4ec',
  gridAxes: '#9aa6b8',
  gridLines: '#c6cedb',
  tints: ['#4a5262', '#8a5a14', '#1f5f9e', '#2c7a33', '#a03a64', '#6446a8'],
}

interface WorldSceneProps {
  readonly contents: WorldContents
}

/** All that is drawn of the world, with the tools that work in it. Drawn when something asks for it. */
export const WorldScene = memo(function WorldScene({ contents }: WorldSceneProps) {
  const { scans, people } = contents
  const samples = useWorldSamples((state) => state.samples)
  const room = useMemo(() => worldBox(samples), [samples])
  const colors = useWorldColors()
  const document = useWorldDocument()
  const bodiesNow = useStage((state) => state.bodiesNow)
  // Nothing but a scan tells where a floor is.
  const grid = room && scans.length > 0 ? room.box.min.y - GRID_BELOW_FLOOR_METRES : 0
  return (
    <Canvas
      camera={{ position: [4.5, 4.5, 6], fov: 50, near: 0.02, far: 500 }}
      dpr={[1, 2]}
      frameloop="demand"
      gl={{ antialias: true, localClippingEnabled: true }}
    >
      <color attach="background" args={[colors.background]} />
      <hemisphereLight args={['#ffffff', '#59606e', 2.2]} />
      <directionalLight position={[3, 6, 2]} intensity={1.4} />
      <gridHelper args={[20, 20, colors.gridAxes, colors.gridLines]} position={[0, grid, 0]} />
      <OrbitView room={room} />
      <PointBudget />
      <Scans contents={contents} />
      <Devices contents={contents} />
      {bodiesNow
        ? people.map(({ stream, matrix }) => (
            <BodyNow key={stream.id} stream={stream} matrix={matrix} document={document} />
          ))
        : null}
      <Tools contents={contents} />
    </Canvas>
  )
})

function useWorldColors(): typeof DARK {
  return usePreferences((state) => state.theme) === 'light' ? LIGHT : DARK
}

/** While a recording is selected the others step back. */
function Scans({ contents: { scans, placements, assetIds } }: WorldSceneProps) {
  const selected = useSession((state) => state.selectedAssetId)
  const { tints } = useWorldColors()
  const fades = selected !== null && assetIds.has(selected) && assetIds.size > 1
  return scans.map((stream, n) => {
    const placement = placements.get(stream.assetId)
    return placement ? (
      <ScanObject
        key={stream.id}
        stream={stream}
        placement={placement}
        tint={tints[n % tints.length]!}
        faded={fades && selected !== stream.assetId}
      />
    ) : null
  })
}

/** The ways of cameras and headsets; the one that is looked through has its frame instead, and no depth before its eye. */
function Devices({ contents: { devices } }: WorldSceneProps) {
  const document = useWorldDocument()
  const lookThroughId = useStage((state) => state.lookThroughStreamId)
  const depthNow = useStage((state) => state.depthNow)
  return devices.map(({ stream, matrix }) => {
    if (stream.id === lookThroughId)
      return <LookThrough key={stream.id} stream={stream} matrix={matrix} document={document} />
    const depth = depthNow && !stream.rotationUnknown ? depthBeside(document, stream) : undefined
    return (
      <group key={stream.id}>
        <DevicePath stream={stream} matrix={matrix} document={document} />
        {depth ? <DepthNow stream={depth} matrix={matrix} document={document} /> : null}
      </group>
    )
  })
}

function Tools({ contents: { scans, placements, fixedBecause } }: WorldSceneProps) {
  const tool = useStage((state) => state.tool)
  const distances = useStage((state) => state.distances)
  const selected = useSession((state) => state.selectedAssetId)
  const measured = distances ? placements.get(distances.assetId) : undefined
  const movable = selected !== null && fixedBecause === null ? placements.get(selected) : undefined
  return (
    <>
      {tool === 'measure' ? <MeasureTool /> : null}
      {tool === 'landmarks' ? <LandmarkTool placements={placements} /> : null}
      {tool === 'boxes' ? <BoxTool scans={scans} placements={placements} /> : null}
      {measured && distances ? <DistanceColors shown={distances} placement={measured} /> : null}
      {movable && selected !== null && (tool === 'move' || tool === 'turn') ? (
        <PlaceTool assetId={selected} matrix={movable.matrix} mode={tool === 'move' ? 'translate' : 'rotate'} />
      ) : null}
    </>
  )
}
