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

/** For bundles of embeddings; fitted on worlds with classes, and it serves those whose targets are vectors as well. */
export function builtInCalibration(): WorldCalibration {
  return builtInStarpack().calibration.world
}
