/** The picture at one moment of the timeline as a file. */
import { extname, resolve } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { viewProject } from '../package/project-view.ts'
import { renderStill } from '../render/still.ts'
import type { Exporter } from './exporter.ts'
import { requireTracks } from './refusals.ts'
import { writeWholeBytes } from './whole-file.ts'

/** PNG; JPEG where the name says so. */
export const stillExporter: Exporter = {
  id: 'still',
  title: 'Still picture (PNG, JPEG)',
  extension: '.png',
  purpose: 'still',
  async write(input, outPath, options = {}) {
    const view = viewProject(input.records)
    requireTracks(view, 'export.what.picture', ['video'])
    const { atSeconds } = options
    if (atSeconds === undefined || atSeconds === null || !Number.isFinite(atSeconds)) {
      throw new AsterismError('bad_input', say('export.stillTime'), {
        fix: say('export.fix.stillTime'),
      })
    }
    const path = resolve(outPath)
    const codec = /^\.jpe?g$/i.test(extname(path)) ? 'jpeg' : 'png'
    return [await writeWholeBytes(path, await renderStill(view, input, atSeconds, codec, options), options.signal)]
  },
}
