import type { z } from 'zod'
import { valueAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand } from '../command.ts'

type Bundle = z.infer<typeof valueAnswer>['bundles'][number]

/** The interval of each truth by itself; a calibration of before does not know them. */
function ownLine(what: string, own: Bundle['of_share']): string[] {
  return own
    ? [`${' '.repeat(12)} ${what}: ${own.stars.toFixed(2)} (${own.low.toFixed(2)} to ${own.high.toFixed(2)})`]
    : []
}

/** Rows that count nothing, and those that others hold as well, where there are any. */
function rowLines({ probe_rows = 0, reference_rows = 0, repeated_rows = 0, shared_rows = 0 }: Bundle): string[] {
  const parts = [
    [probe_rows, 'of the probe'],
    [reference_rows, 'that the reference holds'],
    [repeated_rows, 'that it holds already'],
  ] as const
  const told = parts.filter(([rows]) => rows > 0).map(([rows, what]) => `${rows} ${what}`)
  const indent = ' '.repeat(12)
  return [
    ...(told.length > 0 ? [`${indent} rows that count nothing: ${told.join(', ')}`] : []),
    ...(shared_rows > 0 ? [`${indent} rows that another bundle holds as well: ${shared_rows}`] : []),
  ]
}

export const valueCommand = defineCommand({
  usage: 'WORLD.json',
  positionals: [1, 1],
  options: {},
  answer: valueAnswer,
  run: async ({ run, file, positionals }) => ({ answer: await run('value', { world: file(positionals[0]!) }) }),
  report: (answer) =>
    [...answer.bundles]
      .sort((a, b) => b.stars - a.stars)
      .flatMap((bundle) => [
        `${String(bundle.id).padEnd(12)} ${bundle.stars.toFixed(2)} stars (${bundle.low.toFixed(2)} to ${bundle.high.toFixed(2)})  gain ${bundle.gain.toFixed(4)}  ${bundle.contribution_percent.toFixed(2)} % of the improvement, ${bundle.contribution_percent_of_score.toFixed(2)} % of the score`,
        ...ownLine('by its share of the improvement alone', bundle.of_share),
        ...ownLine('by its gain over the reference alone', bundle.of_gain),
        ...rowLines(bundle),
      ]),
})
