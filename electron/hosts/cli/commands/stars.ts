import { starsAnswer } from '../../../../shared/contract/stars.ts'
import { defineCommand } from '../command.ts'

export const starsCommand = defineCommand({
  name: 'stars',
  usage: 'PROJECT [--pack FILE]',
  summary: 'predicts what the recording is worth for training, offline',
  positionals: [1, 1],
  options: { pack: { type: 'string' } },
  answer: starsAnswer,
  async run({ openProject, run, file, positionals, options }) {
    await openProject(positionals[0]!)
    const { pack } = options
    return { answer: await run('stars', { pack: typeof pack === 'string' ? file(pack) : null }) }
  },
  report: (answer) => [
    `${answer.stars.toFixed(2)} stars (${answer.low.toFixed(2)} to ${answer.high.toFixed(2)}) under ${answer.pack.id}`,
    ...answer.signals.map(
      (signal) =>
        `  ${signal.contribution_stars >= 0 ? '+' : '−'}${Math.abs(signal.contribution_stars).toFixed(2)} ${signal.id}: ${signal.why}`,
    ),
    ...answer.suggestions.map(
      (suggestion) =>
        `  would raise it by ${suggestion.delta_stars.toFixed(2)}: ${suggestion.action} (${suggestion.why})`,
    ),
    `originality: ${answer.originality.status}`,
  ],
})
