import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '../package/canonical-json.ts'
import { viewProject, type ProjectView } from '../package/project-view.ts'
import type { Exporter } from './exporter.ts'
import { samplesOf, stepOptions, writeSampleFilm } from './samples.ts'
import { writeWholeFolder } from './whole-folder.ts'

/** What the hub reads off the top of a README: licences by their names there. */
function readme(view: ProjectView, count: number): string {
  const licence = view.rights?.licence?.toLowerCase() ?? 'other'
  return [
    '---',
    `license: ${licence}`,
    'task_categories:',
    '- video-classification',
    'configs:',
    '- config_name: default',
    '  data_files:',
    '  - split: train',
    '    path: train/**',
    '---',
    '',
    `# ${view.project.title}`,
    '',
    view.rights?.description || `${count} clips.`,
    '',
    'Times are seconds on the one clock of the take; `offset_s` and `rate_ppm` are the time map of the source:',
    '`t_project = offset_s + (1 + rate_ppm * 1e-6) * t_source`.',
    '',
  ].join('\n')
}

/** A folder that `load_dataset("videofolder")` reads: films, and a line of metadata for each. */
export const hfFolderExporter: Exporter = {
  id: 'hf-folder',
  title: 'Hugging Face video folder',
  extension: '',
  purpose: 'datasets',
  async write(input, outPath, options = {}) {
    const view = viewProject(input.records)
    const samples = samplesOf(view, options)
    return await writeWholeFolder(outPath, 'hf-folder', options.signal, async (folder) => {
      const train = join(folder, 'train')
      await mkdir(train)
      const lines: string[] = []
      for (const [n, sample] of samples.entries()) {
        const name = `clip_${String(n).padStart(6, '0')}.mp4`
        await writeSampleFilm(view, input, sample, join(train, name), stepOptions(options, n, samples.length))
        lines.push(`${canonicalJson({ file_name: name, ...sample.metadata })}\n`)
      }
      await writeFile(join(train, 'metadata.jsonl'), lines.join(''))
      await writeFile(join(folder, 'README.md'), readme(view, samples.length))
    })
  },
}
