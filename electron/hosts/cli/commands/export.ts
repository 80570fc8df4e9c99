import { EXPORT_FORMATS, exportAnswer, exportFormatSchema } from '../../../../shared/contract/export.ts'
import { defineCommand, UsageError } from '../command.ts'
import { byteSize } from '../wording.ts'

export const exportCommand = defineCommand({
  usage: 'PROJECT --to FORMAT --out PATH [--preset ID] [--at SECONDS]',
  detail: `FORMAT is one of: ${EXPORT_FORMATS.join(', ')}. For a still (PNG, or JPEG by its name), --at is a time of the project.`,
  positionals: [1, 1],
  options: { to: { type: 'string' }, out: { type: 'string' }, preset: { type: 'string' }, at: { type: 'string' } },
  answer: exportAnswer,
  async run({ openProject, run, file, positionals, options, say }) {
    const { to, out, preset } = options
    const format = exportFormatSchema.safeParse(to)
    if (!format.success) throw new UsageError(`export needs --to with one of: ${EXPORT_FORMATS.join(', ')}`)
    if (typeof out !== 'string' || out === '') throw new UsageError('export needs --out PATH')
    const atSeconds = typeof options.at === 'string' && options.at.trim() !== '' ? Number(options.at) : null
    if (format.data === 'still' && !Number.isFinite(atSeconds ?? Number.NaN))
      throw new UsageError('export --to still needs --at SECONDS')
    if (format.data !== 'still' && options.at !== undefined) throw new UsageError('--at is for --to still')
    await openProject(positionals[0]!)
    const answer = await run('export', {
      format: format.data,
      out: file(out),
      preset: typeof preset === 'string' ? preset : null,
      atSeconds,
    })
    for (const note of answer.notes) say(`note: ${note}`)
    return { answer }
  },
  report: (answer) => answer.files.map((each) => `${each.path}  ${byteSize(each.bytes)}  sha-256 ${each.sha256}`),
})
