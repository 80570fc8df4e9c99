import { type StarsAnswer, starsAnswer } from '../../../../shared/contract/stars.ts'
import { defineCommand } from '../command.ts'

function contributionLine({
  benchmark,
  percent,
  low,
  high,
  percent_of_score: ofScore,
  creators,
}: StarsAnswer['contribution']): string {
  const score = typeof ofScore === 'number' ? `, ${ofScore.toFixed(2)} % of the score` : ''
  return `contribution on ${benchmark}: ${percent.toFixed(2)} % (${low.toFixed(2)} to ${high.toFixed(2)}) of the improvement${score}; so much did works with so many stars bring in simulated markets of ${creators} creators`
}

export const starsCommand = defineCommand({
  usage: 'PROJECT [--pack FILE] [--wanted FILE]',
  positionals: [1, 1],
  options: { pack: { type: 'string' }, wanted: { type: 'string' } },
  answer: starsAnswer,
  async run({ openProject, run, file, positionals, options }) {
    await openProject(positionals[0]!)
    const given = (option: unknown): string | null => (typeof option === 'string' ? file(option) : null)
    const answer = await run('stars', { pack: given(options['pack']), wanted: given(options['wanted']) })
    return { answer, exitCode: answer.unseen ? 3 : 0 }
  },
  report: (answer) => [
    `${answer.stars.toFixed(2)} stars (${answer.low.toFixed(2)} to ${answer.high.toFixed(2)}) under ${answer.pack.id}`,
    ...(answer.pack.warnings ?? []).map(({ reason }) => `warning: ${reason}`),
    ...answer.signals.map(
      (signal) =>
        `  ${signal.contribution_stars >= 0 ? '+' : '−'}${Math.abs(signal.contribution_stars).toFixed(2)} ${signal.id}: ${signal.why}`,
    ),
    ...answer.suggestions.map(
      (suggestion) =>
        `  would raise it by ${suggestion.delta_stars.toFixed(2)}: ${suggestion.action} (${suggestion.why})`,
    ),
    ...(answer.wanted
      ? [`wanted by ${answer.wanted.by ?? answer.wanted.title}: matches ${answer.wanted.match.toFixed(2)}`]
      : []),
    contributionLine(answer.contribution),
    `originality: ${answer.originality.status}`,
    ...(answer.unseen ?? []).map((each) => `not looked at: ${each.stream}: ${each.reason}`),
  ],
})
