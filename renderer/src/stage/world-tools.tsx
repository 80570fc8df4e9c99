import {
  BoxSelect,
  Camera,
  Crosshair,
  Hand,
  History,
  Move3d,
  Radar,
  Rotate3d,
  Ruler,
  type LucideIcon,
} from 'lucide-react'
import type { Document } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { titleOfAsset } from '../align/align-facts.tsx'
import { decimalWords, t, type PlainKey } from '../i18n/text.ts'
import { depthBeside } from './depth-now.tsx'
import { BoxBar } from './box-bar.tsx'
import { farthestShown } from './distance-colors.tsx'
import { LandmarkBar } from './landmark-bar.tsx'
import { chooseTool, measuredMetres, useStage, type WorldTool } from './stage-store.ts'

interface WorldToolsProps {
  readonly document: Document
  /** The pose streams that have a place in the world. */
  readonly devices: readonly Stream[]
  /** Hands, bodies and gaze have a place there too. */
  readonly hasBodies: boolean
  /** Why the selected recording cannot be moved; null when it can. */
  readonly fixedBecause: string | null
}

interface ToolEntry {
  readonly wanted: WorldTool
  readonly label: PlainKey
  readonly hint: PlainKey
  /** Moves the selected recording, if that may be moved. */
  readonly places?: true
  readonly Icon: LucideIcon
}

const TOOLS: readonly ToolEntry[] = [
  { wanted: 'measure', label: 'stage.measure', hint: 'stage.measureHint', Icon: Ruler },
  { wanted: 'landmarks', label: 'stage.landmarks', hint: 'stage.landmarksHint', Icon: Crosshair },
  { wanted: 'boxes', label: 'stage.boxes', hint: 'stage.boxesHint', Icon: BoxSelect },
  { wanted: 'move', label: 'stage.move', hint: 'stage.moveHint', places: true, Icon: Move3d },
  { wanted: 'turn', label: 'stage.turn', hint: 'stage.turnHint', places: true, Icon: Rotate3d },
]

interface SwitchProps {
  readonly label: string
  readonly hint?: string
  readonly isOn: boolean
  readonly isBarred?: boolean
  readonly onClick: () => void
  readonly children: React.ReactNode
}

function Switch({ label, hint = label, isOn, isBarred = false, onClick, children }: SwitchProps) {
  return (
    <button
      className="button button--icon"
      aria-label={label}
      title={hint}
      aria-pressed={isOn}
      disabled={isBarred}
      onClick={onClick}
    >
      {children}
    </button>
  )
}

/** Measuring, moving, and looking through the cameras that were there. */
export function WorldTools({ document, devices, hasBodies, fixedBecause }: WorldToolsProps) {
  const { tool, measured, distances, lookThroughStreamId, pictureOpacity, asRecorded, depthNow, bodiesNow } = useStage()
  const metres = measuredMetres(measured)
  const toolSwitch = ({ wanted, label, hint, places, Icon }: ToolEntry) => (
    <Switch
      key={wanted}
      label={t(label)}
      hint={(places ? fixedBecause : null) ?? t(hint)}
      isOn={tool === wanted}
      isBarred={places === true && fixedBecause !== null}
      onClick={() => chooseTool(tool === wanted ? 'look' : wanted)}
    >
      <Icon size={14} aria-hidden />
    </Switch>
  )
  return (
    <div className="world__tools" role="toolbar" aria-label={t('stage.tools')}>
      {TOOLS.filter(({ places }) => !places).map(toolSwitch)}
      <Switch
        label={t('stage.before')}
        hint={t('stage.beforeHint')}
        isOn={asRecorded}
        onClick={() => useStage.setState({ asRecorded: !asRecorded })}
      >
        <History size={14} aria-hidden />
      </Switch>
      {TOOLS.filter(({ places }) => places).map(toolSwitch)}
      {devices.some((device) => depthBeside(document, device)) ? (
        <Switch
          label={t('stage.depth')}
          hint={t('stage.depthHint')}
          isOn={depthNow}
          onClick={() => useStage.setState({ depthNow: !depthNow })}
        >
          <Radar size={14} aria-hidden />
        </Switch>
      ) : null}
      {hasBodies ? (
        <Switch
          label={t('stage.bodies')}
          hint={t('stage.bodiesHint')}
          isOn={bodiesNow}
          onClick={() => useStage.setState({ bodiesNow: !bodiesNow })}
        >
          <Hand size={14} aria-hidden />
        </Switch>
      ) : null}
      {devices.map((device) => {
        const isLooking = lookThroughStreamId === device.id
        const title = titleOfAsset(document, device.assetId)
        return (
          <Switch
            key={device.id}
            label={isLooking ? t('stage.lookAround') : t('stage.lookThrough', { title })}
            isOn={isLooking}
            onClick={() => useStage.setState({ lookThroughStreamId: isLooking ? null : device.id })}
          >
            <Camera size={14} aria-hidden />
          </Switch>
        )
      })}
      {lookThroughStreamId === null ? null : (
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={pictureOpacity}
          aria-label={t('stage.overlay')}
          title={t('stage.overlay')}
          onChange={(event) => useStage.setState({ pictureOpacity: Number(event.target.value) })}
        />
      )}
      {tool === 'measure' ? (
        <span className="world__reading num" role="status">
          {metres !== null
            ? t('stage.distance', { metres: decimalWords(metres, 3) })
            : t(measured.length === 0 ? 'stage.measureFirst' : 'stage.measureSecond')}
        </span>
      ) : null}
      {tool === 'landmarks' ? <LandmarkBar document={document} /> : null}
      {tool === 'boxes' ? <BoxBar document={document} /> : null}
      {asRecorded ? (
        <span className="world__reading" role="status">
          {t('stage.beforeShown')}
        </span>
      ) : null}
      {distances ? <DistanceLegend distances={distances.distancesMetres} /> : null}
    </div>
  )
}

/** What the colours mean, and the way back to those of the scan. */
function DistanceLegend({ distances }: { distances: readonly number[] }) {
  const millimetres = decimalWords(farthestShown(distances) * 1000, 1)
  return (
    <button className="button" onClick={() => useStage.setState({ distances: null })}>
      <span className="world__scale" aria-hidden /> {t('stage.distances', { millimetres })}
    </button>
  )
}
