import { probeAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand } from '../command.ts'
import { describeStream, exitFor, refusalLines } from '../wording.ts'

export const probeCommand = defineCommand({
  usage: 'PATH…',
  positionals: [1, 10_000],
  options: {},
  answer: probeAnswer,
  async run({ run, file, positionals }) {
    const answer = await run('probe', { files: positionals.map(file) })
    return { answer, exitCode: exitFor(answer.refused.length) }
  },
  report: (answer) => [
    ...answer.items.flatMap((item) => [
      `${item.path}: ${item.format}, ${item.kind}${item.duration_s === null ? '' : `, ${item.duration_s.toFixed(3)} s`}`,
      ...item.streams.map((stream) => `  ${describeStream(stream)}`),
      ...item.warnings.map((warning) => `  warning: ${warning.message}`),
    ]),
    ...refusalLines(answer.refused),
  ],
})
