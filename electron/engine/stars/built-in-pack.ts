/** The pack that ships: without a lab's probe, what the recordings themselves say, and how lab worlds are calibrated. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EstimatePack } from '../../../shared/stars/estimate/estimate-stars.ts'
import type { Starpack } from '../../../shared/stars/starpack.ts'
import type { WorldCalibration } from '../../../shared/stars/world/calibration.ts'
import { resourceFolder } from '../resources.ts'
import { estimatePack, readStarpack } from './starpack-file.ts'

let known: Starpack | undefined

/** The whole pack. */
export function builtInStarpack(): Starpack {
  known ??= readStarpack(readFileSync(join(resourceFolder('starpack'), 'built-in.starpack')), 'shipped')
  return known
}

/** For projects. */
export function builtInPack(): EstimatePack {
  return estimatePack(builtInStarpack())
}

/** For the bundles of a world, fitted on worlds of its kind: with classes, or of pairs. */
export function builtInCalibration(kind: 'classes' | 'pairs' = 'classes'): WorldCalibration {
  const { world, pairs } = builtInStarpack().calibration
  return kind === 'pairs' ? (pairs ?? world) : world
}
