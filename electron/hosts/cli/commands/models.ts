import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { modelsAnswer, type ModelListEntry, type ModelsAnswer } from '../../../../shared/contract/models.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'
import { byteSize } from '../wording.ts'

const USAGE =
  'models list, models add FOLDER --licence TEXT, models get ID|MANIFEST.json --yes [--base URL] or models remove DIGEST'

function second({ positionals }: CommandContext): string {
  if (positionals.length !== 2) throw new UsageError(USAGE)
  return positionals[1]!
}

const ACTIONS: Readonly<Record<string, (context: CommandContext) => Promise<ModelsAnswer>>> = {
  list: async ({ client }) => await client.models.list(),
  async add(context) {
    const licence = context.options['licence']
    if (typeof licence !== 'string') throw new UsageError('models add needs --licence: under which terms you have it')
    return await context.client.models.addFolder({ folder: context.file(second(context)), licence })
  },
  get: fetchModel,
  remove: async (context) => await context.client.models.remove({ digest: second(context) }),
}

/** Says what would be fetched; asks nothing of any address before the person said yes. */
async function fetchModel(context: CommandContext): Promise<ModelsAnswer> {
  const name = second(context)
  const manifest = existsSync(resolve(name)) ? context.file(name) : null
  const { yes, base } = context.options
  const place = typeof base === 'string' ? base : null
  if (manifest) {
    const { title, licence, files } = await context.client.models.inspect({ manifest })
    for (const { url, bytes, sha256 } of files)
      context.say(`${url}  ${byteSize(bytes)}  ${sha256 ?? 'digest not known beforehand'}`)
    context.say(`${title}, licence: ${licence}`)
  } else {
    const { models } = await context.client.models.list()
    const offer = models.find((entry) => entry.origin === 'offered' && entry.id === name)
    if (!offer) throw new UsageError(`no model ${name} is offered, and there is no such manifest`)
    const from = place === null ? offer.source : `${place} (the paths of ${offer.source})`
    context.say(`${from}  about ${byteSize(offer.bytes)}  licence: ${offer.licence}`)
  }
  if (yes !== true) throw new UsageError('nothing was fetched: say --yes to agree to these addresses, sizes and terms')
  return await context.run('modelDownload', {
    from: manifest ? { manifest } : { offer: name, base: place },
    consent: true,
  })
}

function line({ id, origin, bytes, licence, ready, digest, note }: ModelListEntry): string {
  const state = ready ? 'ready' : origin === 'offered' ? 'can be had' : 'not ready'
  return [id, origin, state, bytes > 0 ? byteSize(bytes) : '', licence, digest?.slice(0, 16) ?? '', note]
    .filter(Boolean)
    .join('  ')
}

export const modelsCommand = defineCommand<ModelsAnswer>({
  usage: ['list', 'add FOLDER', 'get ID|MANIFEST', 'remove DIGEST'],
  positionals: [1, 2],
  options: { yes: { type: 'boolean' }, licence: { type: 'string' }, base: { type: 'string' } },
  answer: modelsAnswer,
  async run(context) {
    const action = context.positionals[0]!
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
    if (!act) throw new UsageError(USAGE)
    return { answer: await act(context) }
  },
  report: (answer) => answer.models.map(line),
})
