/** What a picture shows, on the axes that ship: the learned model's answer, centred, turned, half whitened. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { modelEntry } from '../models/catalogue.ts'
import { type Encoders, PICTURE_ENCODER_SIDE } from '../models/encoders.ts'
import { resourceFolder } from '../resources.ts'
import { type Axes, ontoAxes, readAxes } from './learned-axes.ts'

const MOST_PIXELS = 100_000_000

let known: Axes | null = null
let identity: { readonly id: string; readonly sha256: string } | null = null

function axesPath(): string {
  return join(resourceFolder('models'), 'picture-axes.json')
}

/** What makes these vectors: network and axes together. Packs of another encoder are refused. */
export function pictureEncoder(): { readonly id: string; readonly sha256: string } {
  identity ??= {
    id: 'centernet-c5-axes',
    sha256: createHash('sha256')
      .update(modelEntry('centernet-c5').sha256)
      .update(readFileSync(axesPath()))
      .digest('hex'),
  }
  return identity
}

function axes(): Axes {
  known ??= readAxes(axesPath(), modelEntry('centernet-c5').sha256)
  return known
}

/** The picture of a file as the encoder wants it. @throws what sharp throws for a file that is no picture */
export async function pictureOfFile(path: string): Promise<Uint8Array> {
  return await sharp(path, { limitInputPixels: MOST_PIXELS })
    .rotate()
    .resize(PICTURE_ENCODER_SIDE, PICTURE_ENCODER_SIDE, { fit: 'fill' })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer()
}

/** The vector of one picture of PICTURE_ENCODER_SIDE squared RGB bytes. */
export async function picturesMeaning(encoders: Encoders, rgb: Uint8Array): Promise<number[]> {
  return meaningOf(await encoders.pictures(rgb))
}

/** The vector of what the network said of a picture. */
export function meaningOf(said: Float32Array): number[] {
  return ontoAxes(axes(), said)
}

/** The vector of a picture as it were if some of the numbers that the network said were less by so much. */
export function meaningWithout(
  meaning: readonly number[],
  units: readonly number[],
  less: (unit: number) => number,
): number[] {
  const { axes: turn, kept } = axes()
  const vector = [...meaning]
  for (const unit of units) {
    const by = less(unit)
    for (let k = 0; k < kept; k++) vector[k] -= by * turn[unit * kept + k]
  }
  return vector
}
