import { transcribeAnswer } from '../../../../shared/contract/transcribe.ts'
import { defineCommand } from '../command.ts'

export const transcribeCommand = defineCommand({
  usage: 'PROJECT [--asset ID]',
  positionals: [1, 1],
  options: { asset: { type: 'string' } },
  answer: transcribeAnswer,
  async run({ openProject, run, positionals, options }) {
    await openProject(positionals[0]!)
    const { asset } = options
    const answer = await run('transcribe', { assetId: typeof asset === 'string' ? asset : null })
    return { answer, exitCode: answer.skipped.length > 0 ? 3 : 0 }
  },
  report: (answer) => [
    answer.recognizer.note,
    ...answer.segments.map(
      (each) => `${each.start_s.toFixed(2)}–${each.end_s.toFixed(2)} s  ${each.asset}  ${each.text}`,
    ),
    ...answer.skipped.map((each) => `not transcribed: ${each.asset}: ${each.reason}`),
  ],
})
