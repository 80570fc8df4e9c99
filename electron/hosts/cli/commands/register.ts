import { registerAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand } from '../command.ts'
import { percent } from '../wording.ts'

export const registerCommand = defineCommand({
  usage: 'PROJECT [--reference ID]',
  positionals: [1, 1],
  options: { reference: { type: 'string' } },
  answer: registerAnswer,
  async run({ openProject, run, positionals, options }) {
    await openProject(positionals[0]!)
    const { reference } = options
    const answer = await run('register', { referenceAssetId: typeof reference === 'string' ? reference : null })
    // The command line speaks English alone.
    const checks = answer.picture_checks.map((check) => ({ ...check, said: undefined }))
    return { answer: { ...answer, picture_checks: checks } }
  },
  report: (answer) => [
    `world ${answer.world ?? 'none'}`,
    ...answer.assets.map(
      (asset) =>
        `${asset.asset}  ${asset.rmse_m === null ? '' : `${(asset.rmse_m * 1e3).toFixed(1)} mm residual, `}${asset.overlap === null ? '' : `${percent(asset.overlap)} overlap, `}${percent(asset.confidence)} by ${asset.method}`,
    ),
    ...answer.loop_closures.map((closure) =>
      closure.corrections.length > 0
        ? `${closure.asset}  path put right by up to ${closure.largest_correction_m.toFixed(2)} m at ${closure.loops.filter((loop) => loop.accepted).length} places seen twice`
        : `${closure.asset}  path left as recorded: ${closure.reason ?? ''}`,
    ),
    ...answer.picture_checks.map(
      (check) => `pictures of ${check.asset} against ${check.scan}: ${check.verdict} (${check.reason})`,
    ),
    ...answer.pairs
      .filter((pair) => !pair.accepted)
      .map((pair) => `not used: ${pair.target} to ${pair.source}: ${pair.reason ?? ''}`),
    ...answer.unregistered.map((each) => `not placed: ${each.asset}: ${each.reason}`),
  ],
})
