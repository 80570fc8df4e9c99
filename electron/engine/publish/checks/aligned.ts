/** Every stream lies in time, and every scan in space, or the aligner has said that it does not. */
import type { Sensor } from '../../../../shared/document/records.ts'
import { reasonsGiven } from '../package/alignment.ts'
import { some, type CheckContext, type CheckFinding, type PackageCheck } from './check.ts'

const TIMED: readonly Sensor[] = ['video', 'audio', 'pose', 'imu', 'depth', 'gaze', 'hands']
const SPATIAL: readonly Sensor[] = ['pose', 'points', 'mesh', 'splats']

function verdict(
  what: string,
  aligned: number,
  said: readonly string[],
  silent: readonly string[],
  fix: string,
): CheckFinding {
  const parts = [`${aligned} ${what} aligned`]
  if (said.length > 0) parts.push(`${said.length} said not to be (${some(said)})`)
  if (silent.length > 0) parts.push(`${silent.length} not aligned and nothing said of it (${some(silent)})`)
  return { ok: silent.length === 0, detail: `${parts.join('; ')}.`, ...(silent.length === 0 ? {} : { fix }) }
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
  if (clocks.length === 0) return { ok: true, detail: 'Nothing in the package runs in time.' }
  if (clocks.length === 1) return { ok: true, detail: 'There is one clock: it is the time of the project.' }
  const said: string[] = []
  const silent: string[] = []
  let aligned = 0
  for (const { clockId, asset } of clocks) {
    if (view.timeMapOf(clockId) !== undefined || clockId === view.project.referenceClockId) aligned++
    else if (reasons.has(asset.id)) said.push(`${asset.title}: ${reasons.get(asset.id)}`)
    else silent.push(asset.title)
  }
  return verdict('clocks', aligned, said, silent, 'Run sync, then pack again.')
}

function inSpace({ view, assets }: CheckContext): CheckFinding {
  const reasons = reasonsGiven(view, 'register')
  const spatial = assets
    .map(({ asset }) => asset)
    .filter((asset) => view.streamsOf(asset.id).some((stream) => SPATIAL.includes(stream.sensor)))
  if (spatial.length === 0) return { ok: true, detail: 'Nothing in the package lies in space.' }
  if (spatial.length === 1) return { ok: true, detail: 'There is one spatial recording: its frame is the world.' }
  const said: string[] = []
  const silent: string[] = []
  let aligned = 0
  for (const asset of spatial) {
    if (view.transformOf(asset.id) !== undefined || asset.id === view.project.worldAssetId) aligned++
    else if (reasons.has(asset.id)) said.push(`${asset.title}: ${reasons.get(asset.id)}`)
    else silent.push(asset.title)
  }
  return verdict('spatial recordings', aligned, said, silent, 'Run register, then pack again.')
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
