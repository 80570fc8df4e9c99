import { basename } from 'node:path'
import { importAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand } from '../command.ts'
import { describeStream, exitFor, refusalLines } from '../wording.ts'

export const importCommand = defineCommand({
  usage: 'PROJECT PATH… [--beside]',
  detail:
    'Edits (.otio, .fcpxml, .edl, .llc), captions (.srt, .vtt) and labels (.csv, .json, .vtt) change the timeline. --beside also imports tracks, tables and further parts that are beside a film under the same name.',
  positionals: [2, 10_000],
  options: { beside: { type: 'boolean' } },
  answer: importAnswer,
  async run({ openProject, run, file, positionals, options }) {
    const [project, ...paths] = positionals
    await openProject(project!)
    const answer = await run('import', { files: paths.map(file), ...(options['beside'] === true && { beside: true }) })
    return { answer, exitCode: exitFor(answer.refused.length) }
  },
  report: (answer) => [
    ...answer.assets.flatMap((asset) => [
      `${asset.id}  ${asset.path}: ${asset.format}${asset.already_imported ? ' (in the project already)' : ''}`,
      ...asset.streams.map((stream) => `  ${describeStream(stream)}`),
      ...asset.warnings.map((warning) => `  warning: ${warning.message}`),
    ]),
    ...answer.edits.flatMap((edit) => [
      `${edit.path}: ${edit.format}, ${edit.tracks} tracks, ${edit.clips} clips, ${edit.markers} markers, ${edit.captions} captions, ${edit.labels} new labels`,
      ...edit.unmatched.map((name) => `  not in the project: ${name}`),
      ...edit.warnings.map((warning) => `  warning: ${warning}`),
    ]),
    ...answer.beside.map(
      ({ path, of }) => `${path} lies beside ${basename(of)} and was not imported (--beside, or name it)`,
    ),
    ...refusalLines(answer.refused),
  ],
})
