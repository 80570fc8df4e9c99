import { doctorAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand } from '../command.ts'

export const doctorCommand = defineCommand({
  usage: '',
  positionals: [0, 0],
  options: {},
  answer: doctorAnswer,
  run: async ({ client }) => ({ answer: await client.app.doctor() }),
  report: (answer) =>
    answer.checks.map(
      (check) =>
        `${check.ok ? 'ok     ' : 'lacking'} ${check.id}: ${check.detail}${check.ok || !check.fix ? '' : ` ${check.fix}`}`,
    ),
})
