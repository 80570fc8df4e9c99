/** What the network for pictures says of drawings whose licences let numbers made of them be given away. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { Encoders, PICTURE_ENCODER_SIDE } from '../../electron/engine/models/encoders.ts'

const BATCH = 16
const SIDE = PICTURE_ENCODER_SIDE

export interface IconSet {
  readonly width?: number
  readonly height?: number
  readonly icons: Readonly<Record<string, { body: string; width?: number; height?: number }>>
}

/** A drawing on white, square. */
export function drawn(set: IconSet, name: string, side: number): Sharp {
  const icon = set.icons[name]
  const width = icon.width ?? set.width ?? 16
  const height = icon.height ?? set.height ?? 16
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${side}" height="${side}" viewBox="0 0 ${width} ${height}">${icon.body}</svg>`
  return sharp(Buffer.from(svg)).resize(side, side).flatten({ background: '#fff' }).removeAlpha()
}

const render = (set: IconSet, name: string): Promise<Uint8Array> => drawn(set, name, SIDE).raw().toBuffer()

/** The names of every n-th drawing of a set. */
export function everyNth(set: IconSet, every: number): string[] {
  return Object.keys(set.icons).filter((_, at) => at % every === 0)
}

/** The icons of an unpacked npm package. */
export function readIconSet(folder: string): IconSet {
  return JSON.parse(readFileSync(join(folder, 'icons.json'), 'utf8')) as IconSet
}

/** What the network says of one drawing. */
export async function encodedDrawing(encoders: Encoders, set: IconSet, name: string): Promise<Float32Array> {
  return encoders.pictures(await render(set, name))
}

/** The numbers of every n-th drawing, one after another, of the icon sets in folders of unpacked npm packages. */
export async function encodedDrawings(folders: readonly string[], every: number): Promise<number[]> {
  const encoders = new Encoders(new AbortController().signal)
  const rows: number[] = []
  for (const folder of folders) {
    const set = readIconSet(folder)
    const names = everyNth(set, every)
    for (let at = 0; at < names.length; at += BATCH) {
      const pictures = await Promise.all(names.slice(at, at + BATCH).map((name) => render(set, name)))
      rows.push(...(await encoders.pictures(Buffer.concat(pictures))))
    }
    process.stderr.write(`${folder}: ${rows.length} numbers\n`)
  }
  await encoders.close()
  return rows
}
