import { syncAnswer } from '../../../../shared/contract/answers.ts'
import { SYNC_METHODS } from '../../../../shared/contract/jobs.ts'
import { defineCommand, UsageError } from '../command.ts'
import { percent, signedPpm, signedSeconds } from '../wording.ts'

export function methodOption(value: string | boolean | undefined): (typeof SYNC_METHODS)[number] {
  const method = SYNC_METHODS.find((each) => each === (value ?? 'auto'))
  if (!method) throw new UsageError(`--method is one of ${SYNC_METHODS.join(', ')}`)
  return method
}

export const syncCommand = defineCommand({
  usage: 'PROJECT [--reference ID] [--method auto|audio|motion|timecode|event]',
  positionals: [1, 1],
  options: { reference: { type: 'string' }, method: { type: 'string' } },
  answer: syncAnswer,
  async run({ openProject, run, positionals, options }) {
    const method = methodOption(options['method'])
    await openProject(positionals[0]!)
    const { reference } = options
    return { answer: await run('sync', { referenceAssetId: typeof reference === 'string' ? reference : null, method }) }
  },
  report: (answer) => [
    `reference ${answer.reference ?? 'none'}`,
    ...answer.assets.map(
      (asset) =>
        `${asset.asset}  ${signedSeconds(asset.offset_s)} ± ${(asset.sigma_offset_s * 1e3).toFixed(2)} ms  ${signedPpm(asset.rate_ppm)} ± ${asset.sigma_rate_ppm.toFixed(1)}  ${percent(asset.confidence)} by ${asset.method}`,
    ),
    ...answer.pairs
      .filter((pair) => !pair.accepted)
      .map((pair) => `not used: ${pair.a} to ${pair.b} (${pair.method}): ${pair.reason ?? ''}`),
    ...answer.unsynced.map((each) => `not aligned: ${each.asset}: ${each.reason}`),
  ],
})
