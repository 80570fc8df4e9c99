import { syncFilesAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand } from '../command.ts'
import { percent, signedPpm, signedSeconds } from '../wording.ts'
import { methodOption } from './sync.ts'

export const syncFilesCommand = defineCommand({
  usage: 'A B [--method auto|audio|motion|timecode|event]',
  positionals: [2, 2],
  options: { method: { type: 'string' } },
  answer: syncFilesAnswer,
  async run({ run, file, positionals, options }) {
    const [a, b] = positionals
    return { answer: await run('syncFiles', { a: file(a!), b: file(b!), method: methodOption(options['method']) }) }
  },
  report: (answer) =>
    'unsynced' in answer
      ? [`not aligned: ${answer.unsynced.reason}`]
      : [
          `offset ${signedSeconds(answer.offset_s)} ± ${(answer.sigma_offset_s * 1e3).toFixed(3)} ms`,
          `drift  ${signedPpm(answer.rate_ppm)} ± ${answer.sigma_rate_ppm.toFixed(2)}`,
          `belief ${percent(answer.confidence)}, by ${answer.method}`,
        ],
})
