import { EXPORT_FORMATS, exportAnswer, exportFormatSchema } from '../../../../shared/contract/export.ts'
import { defineCommand, UsageError } from '../command.ts'
import { byteSize } from '../wording.ts'

export const exportCommand = defineCommand({
  name: 'export',
  usage: 'PROJECT --to FORMAT --out PATH [--preset ID]',
  summary: 'the edit, the recordings or the world in a format of others',
  detail: `FORMAT is one of: ${EXPORT_FORMATS.join(', ')}.`,
  positionals: [1, 1],
  options: { to: { type: 'string' }, out: { type: 'string' }, preset: { type: 'string' } },
  answer: exportAnswer,
  async run({ openProject, run, file, positionals, options, say }) {
    const { to, out, preset } = options
    const format = exportFormatSchema.safeParse(to)
    if (!format.success) throw new UsageError(`export needs --to with one of: ${EXPORT_FORMATS.join(', ')}`)
    if (typeof out !== 'string' || out === '') throw new UsageError('export needs --out PATH')
    await openProject(positionals[0]!)
    const answer = await run('export', {
      format: format.data,
      out: file(out),
      preset: typeof preset === 'string' ? preset : null,
    })
    for (const note of answer.notes) say(`note: ${note}`)
    return { answer }
  },
  report: (answer) => answer.files.map((each) => `${each.path}  ${byteSize(each.bytes)}  sha-256 ${each.sha256}`),
})
