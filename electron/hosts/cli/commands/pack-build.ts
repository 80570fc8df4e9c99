import { packBuildAnswer } from '../../../../shared/contract/packs.ts'
import { defineCommand, UsageError } from '../command.ts'

export const packBuildCommand = defineCommand({
  usage: 'FOLDER|EMBEDDINGS.json --out FILE.starpack --key KEY.pem [--title T] [--encoder DIGEST]',
  detail:
    'FOLDER has one subfolder of pictures, films or sounds for each class, or pictures with captions (.txt beside them, captions.jsonl, captions.csv). EMBEDDINGS.json has embeddings with labels or captions.',
  positionals: [1, 1],
  options: { out: { type: 'string' }, key: { type: 'string' }, title: { type: 'string' }, encoder: { type: 'string' } },
  answer: packBuildAnswer,
  async run({ run, file, positionals, options }) {
    const { out, key, title, encoder = null } = options
    if (typeof out !== 'string' || typeof key !== 'string') throw new UsageError('pack-build needs --out and --key')
    if (encoder !== null && !/^[0-9a-f]{64}$/.test(String(encoder)))
      throw new UsageError('--encoder is the digest of a model that you added: models list --json names it')
    const input = { source: file(positionals[0]!), out: file(out), key: file(key) }
    const answer = await run('packBuild', {
      ...input,
      title: typeof title === 'string' ? title : null,
      encoder: encoder === null ? null : String(encoder),
    })
    return { answer, exitCode: answer.left_out ? 3 : 0 }
  },
  report: ({ path, pack, figures, left_out: leftOut = [] }) => [
    `${path}: ${pack.title}, signed by ${pack.signed_by}`,
    ...Object.entries(figures).map(([name, value]) => `  ${name} ${value.toFixed(3)}`),
    ...pack.warnings.map(({ reason }) => `warning: ${reason}`),
    ...leftOut,
  ],
})
