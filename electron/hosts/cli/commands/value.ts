import { valueAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand } from '../command.ts'

export const valueCommand = defineCommand({
  usage: 'WORLD.json',
  positionals: [1, 1],
  options: {},
  answer: valueAnswer,
  run: async ({ run, file, positionals }) => ({ answer: await run('value', { world: file(positionals[0]!) }) }),
  report: (answer) =>
    [...answer.bundles]
      .sort((a, b) => b.stars - a.stars)
      .map(
        (bundle) =>
          `${String(bundle.id).padEnd(12)} ${bundle.stars.toFixed(2)} stars (${bundle.low.toFixed(2)} to ${bundle.high.toFixed(2)})  gain ${bundle.gain.toFixed(4)}  ${bundle.contribution_percent.toFixed(2)} % of the improvement, ${bundle.contribution_percent_of_score.toFixed(2)} % of the score`,
      ),
})
