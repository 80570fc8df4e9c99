import { registerFilesAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand } from '../command.ts'
import { percent } from '../wording.ts'

export const registerFilesCommand = defineCommand({
  usage: 'TARGET SOURCE [--scale]',
  positionals: [2, 2],
  options: { scale: { type: 'boolean' } },
  answer: registerFilesAnswer,
  async run({ run, file, positionals, options }) {
    const [target, source] = positionals
    return {
      answer: await run('registerFiles', {
        target: file(target!),
        source: file(source!),
        scale: options['scale'] === true,
      }),
    }
  },
  report: (answer) =>
    'unregistered' in answer
      ? [`not placed: ${answer.unregistered.reason}`]
      : [
          ...[0, 1, 2, 3].map((row) =>
            [0, 1, 2, 3]
              .map((column) => answer.target_from_source[column * 4 + row]!.toFixed(5).padStart(11))
              .join(' '),
          ),
          `residual ${answer.rmse_m === null ? '?' : `${(answer.rmse_m * 1e3).toFixed(2)} mm`}, overlap ${answer.overlap === null ? '?' : percent(answer.overlap)}, belief ${percent(answer.confidence)}, by ${answer.method}`,
        ],
})
