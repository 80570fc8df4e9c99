/** Every stream lies in time, and every scan in space, or the aligner has said that it does not. */
import type { Sensor, Stream } from '../../../../shared/document/records.ts'
import { WORLD_SENSORS } from '../../../../shared/document/seen-streams.ts'
import { reasonsGiven } from '../package/alignment.ts'
import { partOf, say, type Wording } from '../../../../shared/sayings/saying.ts'
import { finding, some, type CheckContext, type CheckFinding, type PackageCheck } from './check.ts'

const TIMED: readonly Sensor[] = ['video', 'audio', 'pose', 'imu', 'depth', 'gaze', 'hands']

/** What satellites saw of a device's way is right to metres, and no aligner places it. */
const isInSpace = ({ sensor, rotationUnknown }: Stream): boolean => WORLD_SENSORS.has(sensor) && !rotationUnknown

interface Part {
  readonly title: string
  readonly assetId: string
  readonly isAligned: boolean
}

/** What of the parts is aligned, what the aligner said of the others, and of which it said nothing. */
function verdict({ view }: CheckContext, what: 'clocks' | 'scans', parts: readonly Part[]): CheckFinding {
  const reasons = reasonsGiven(view, what === 'clocks' ? 'sync' : 'register')
  const said: Wording[] = []
  const silent: string[] = []
  for (const { title, assetId } of parts.filter(({ isAligned }) => !isAligned)) {
    const reason = reasons.get(assetId)
    if (reason) said.push(say('check.of', { path: title, fault: partOf(reason) }))
    else silent.push(title)
  }
  const aligned = parts.length - said.length - silent.length
  const others: Wording[] = []
  if (said.length > 0) others.push(say('check.saidNot', { count: said.length, which: some(said) }))
  if (silent.length > 0) others.push(say('check.unsaid', { count: silent.length, which: some(silent) }))
  const detail =
    others.length === 0
      ? say(`check.${what}`, { aligned })
      : say(`check.${what}Some`, { aligned, others: some(others) })
  if (silent.length === 0) return finding(true, detail)
  return finding(false, detail, say(what === 'clocks' ? 'check.fix.sync' : 'check.fix.register'))
}

function inTime(context: CheckContext): CheckFinding {
  const { view, assets } = context
  const clocks = assets.flatMap(({ asset }) => {
    const timed = view.streamsOf(asset.id).filter((stream) => TIMED.includes(stream.sensor))
    return [...new Set(timed.map((stream) => stream.clockId))].map((clockId) => ({
      title: asset.title,
      assetId: asset.id,
      isAligned: view.timeMapOf(clockId) !== undefined || clockId === view.project.referenceClockId,
    }))
  })
  if (clocks.length === 0) return finding(true, say('check.nothingInTime'))
  if (clocks.length === 1) return finding(true, say('check.oneClock'))
  return verdict(context, 'clocks', clocks)
}

function inSpace(context: CheckContext): CheckFinding {
  const { view, assets } = context
  const scans = assets
    .filter(({ asset }) => view.streamsOf(asset.id).some(isInSpace))
    .map(({ asset }) => ({
      title: asset.title,
      assetId: asset.id,
      isAligned: view.transformOf(asset.id) !== undefined || asset.id === view.project.worldAssetId,
    }))
  if (scans.length === 0) return finding(true, say('check.nothingInSpace'))
  if (scans.length === 1) return finding(true, say('check.oneScan'))
  return verdict(context, 'scans', scans)
}

export const alignedInTime: PackageCheck = {
  id: 'aligned-in-time',
  blocking: true,
  run: (context) => Promise.resolve(inTime(context)),
}

export const alignedInSpace: PackageCheck = {
  id: 'aligned-in-space',
  blocking: true,
  run: (context) => Promise.resolve(inSpace(context)),
}
