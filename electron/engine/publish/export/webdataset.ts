import { open, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { canonicalJson } from '../package/canonical-json.ts'
import { safeName } from '../package/file-names.ts'
import { viewProject, type ProjectView } from '../package/project-view.ts'
import type { ExportInput, Exporter, ExportOptions } from './exporter.ts'
import { samplesOf, stepOptions, writeSampleFilm, type Sample } from './samples.ts'
import { addTarBytes, addTarFile, endTar } from './tar.ts'
import { writeWhole } from './whole-file.ts'
import { writeWholeFolder } from './whole-folder.ts'

const LARGEST_SHARD_BYTES = 1e9

/** The members of one sample share a name up to its first dot, so the name itself has none. */
function keyOf(view: ProjectView, n: number): string {
  const title = safeName(view.project.title).replace(/\./g, '-').slice(0, 40)
  return `${title}_${String(n).padStart(6, '0')}`
}

class ShardWriter {
  readonly #view: ProjectView
  readonly #input: ExportInput
  readonly #options: ExportOptions

  constructor(view: ProjectView, input: ExportInput, options: ExportOptions) {
    this.#view = view
    this.#input = input
    this.#options = options
  }

  /** Writes samples from `first` on until the shard is full. Returns the number of the next one. */
  async write(path: string, samples: readonly Sample[], first: number, limit: number): Promise<number> {
    const film = `${path}.film.mp4`
    const file = await open(path, 'w')
    let n = first
    try {
      let bytes = 0
      while (n < samples.length && (n === first || bytes < limit)) {
        const sample = samples[n]!
        const key = keyOf(this.#view, n)
        await writeSampleFilm(this.#view, this.#input, sample, film, stepOptions(this.#options, n, samples.length))
        bytes += (await stat(film)).size
        await addTarBytes(file, `${key}.json`, Buffer.from(canonicalJson({ __key__: key, ...sample.metadata })))
        await addTarFile(file, `${key}.mp4`, film)
        await addTarBytes(file, `${key}.txt`, Buffer.from(sample.text))
        n += 1
      }
      await endTar(file)
    } finally {
      await file.close()
      await rm(film, { force: true })
    }
    return n
  }
}

/** Shards of tar, a sample a clip: `name.json`, `name.mp4`, `name.txt`. A path that ends in `.tar` becomes one shard. */
export const webdatasetExporter: Exporter = {
  id: 'webdataset',
  title: 'WebDataset shards',
  extension: '',
  purpose: 'datasets',
  async write(input, outPath, options = {}) {
    const view = viewProject(input.records)
    const samples = samplesOf(view, options)
    const writer = new ShardWriter(view, input, options)
    const out = resolve(outPath)
    if (out.toLowerCase().endsWith('.tar')) {
      const file = await writeWhole(out, options.signal, async (part) => {
        await writer.write(part, samples, 0, Infinity)
      })
      return [file]
    }
    return await writeWholeFolder(out, 'webdataset', options.signal, async (folder) => {
      for (let n = 0, shard = 0; n < samples.length; shard++) {
        const name = `${keyOf(view, shard).replace('_', '-')}.tar`
        n = await writer.write(join(folder, name), samples, n, LARGEST_SHARD_BYTES)
      }
    })
  },
}
