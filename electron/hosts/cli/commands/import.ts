import { importAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand } from '../command.ts'
import { describeStream, exitFor, refusalLines } from '../wording.ts'

export const importCommand = defineCommand({
  usage: 'PROJECT PATH…',
  detail:
    'Edits (.otio, .fcpxml, .edl, .llc) captions (.srt, .vtt) and labels (.csv, .json, .vtt) change the timeline.',
  positionals: [2, 10_000],
  options: {},
  answer: importAnswer,
  async run({ openProject, run, file, positionals }) {
    const [project, ...paths] = positionals
    await openProject(project!)
    const answer = await run('import', { files: paths.map(file) })
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
    ...refusalLines(answer.refused),
  ],
})
