/** Every stream lies in time, and every scan in space, or the aligner has said that it does not. */
import type { Sensor } from '../../../../shared/document/records.ts'
import { reasonsGiven } from '../package/alignment.ts'
import { partOf, say, type Wording } from '../../../../shared/sayings/saying.ts'
import { finding, some, type CheckContext, type CheckFinding, type PackageCheck } from './check.ts'

const TIMED: readonly Sensor[] = ['video', 'audio', 'pose', 'imu', 'depth', 'gaze', 'hands']
const SPATIAL: readonly Sensor[] = ['pose', 'points', 'mesh', 'splats']

function verdict(
  what: 'clocks' | 'scans',
  aligned: number,
  said: readonly Wording[],
  silent: readonly Wording[],
): CheckFinding {
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

function inTime({ view, assets }: CheckContext): CheckFinding {
  const reasons = reasonsGiven(view, 'sync')
  const clocks = assets.flatMap(({ asset }) => {
    const used = new Set(
      view
        .streamsOf(asset.id)
        .filter((stream) => TIMED.includes(stream.sensor))
        .map((stream) => stream.clockId),
    )
    return [...used].map((clockId) => ({ clockId, asset }))
  })
  if (clocks.length === 0) return finding(true, say('check.nothingInTime'))
  if (clocks.length === 1) return finding(true, say('check.oneClock'))
  const said: Wording[] = []
  const silent: string[] = []
  let aligned = 0
  for (const { clockId, asset } of clocks) {
    if (view.timeMapOf(clockId) !== undefined || clockId === view.project.referenceClockId) aligned++
    else {
      const reason = reasons.get(asset.id)
      if (reason) said.push(say('check.of', { path: asset.title, fault: partOf(reason) }))
      else silent.push(asset.title)
    }
  }
  return verdict('clocks', aligned, said, silent)
}

function inSpace({ view, assets }: CheckContext): CheckFinding {
  const reasons = reasonsGiven(view, 'register')
  const spatial = assets
    .map(({ asset }) => asset)
    .filter((asset) => view.streamsOf(asset.id).some((stream) => SPATIAL.includes(stream.sensor)))
  if (spatial.length === 0) return finding(true, say('check.nothingInSpace'))
  if (spatial.length === 1) return finding(true, say('check.oneScan'))
  const said: Wording[] = []
  const silent: string[] = []
  let aligned = 0
  for (const asset of spatial) {
    if (view.transformOf(asset.id) !== undefined || asset.id === view.project.worldAssetId) aligned++
    else {
      const reason = reasons.get(asset.id)
      if (reason) said.push(say('check.of', { path: asset.title, fault: partOf(reason) }))
      else silent.push(asset.title)
    }
  }
  return verdict('scans', aligned, said, silent)
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
