/** What a second of sound is like, on the axes that ship: learned to tell sounds apart and to overlook rooms and microphones. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SOUND_RECIPE, soundFeatures } from '../../../shared/stars/estimate/sound-embedding.ts'
import type { MelFrames } from '../../../shared/stars/estimate/sound-measure.ts'
import { resourceFolder } from '../resources.ts'
import { type Axes, ontoAxes, readAxes } from './learned-axes.ts'

let known: Axes | null = null
let identity: { readonly id: string; readonly sha256: string } | null = null

function axesPath(): string {
  return join(resourceFolder('models'), 'sound-axes.json')
}

/** What makes these vectors: measure and axes together. */
export function soundEncoder(): { readonly id: string; readonly sha256: string } {
  identity ??= {
    id: 'sound-axes',
    sha256: createHash('sha256').update(SOUND_RECIPE).update(readFileSync(axesPath())).digest('hex'),
  }
  return identity
}

/** The vector of EMBEDDED_FRAMES mel frames. */
export function soundMeaning(frames: MelFrames): number[] {
  known ??= readAxes(axesPath(), SOUND_RECIPE)
  return ontoAxes(known, soundFeatures(frames))
}
