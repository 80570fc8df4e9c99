/** The pack that ships: without a lab's probe, what the recordings themselves say, and how lab worlds are calibrated. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LibraryOnlyPack } from '../../../shared/stars/estimate/estimate-stars.ts'
import type { Starpack } from '../../../shared/stars/starpack.ts'
import type { WorldCalibration } from '../../../shared/stars/world/calibration.ts'
import { resourceFolder } from '../resources.ts'
import { libraryOnlyPack, readStarpack } from './starpack-file.ts'

let known: Starpack | undefined

function builtInStarpack(): Starpack {
  known ??= readStarpack(readFileSync(join(resourceFolder('starpack'), 'built-in.starpack')), 'shipped')
  return known
}

/** For projects. */
export function builtInPack(): LibraryOnlyPack {
  return libraryOnlyPack(builtInStarpack())
}

/** For bundles of embeddings. */
export function builtInCalibration(): WorldCalibration {
  return builtInStarpack().calibration.world
}
