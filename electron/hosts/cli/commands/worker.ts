import { hostname } from 'node:os'
import { workerAnswer } from '../../../../shared/contract/answers.ts'
import { homeFolder } from '../../../engine/home.ts'
import { serveFarm } from '../../../engine/jobs/farm/serve.ts'
import { farmSettings, redisPlace } from '../../../engine/jobs/farm/settings.ts'
import { VERSION } from '../../../engine/version.ts'
import { allWork } from '../../../engine/work/index.ts'
import { performer } from '../../../engine/work/perform-order.ts'
import { defineCommand, UsageError } from '../command.ts'

const text = (value: string | boolean | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

export const workerCommand = defineCommand({
  usage: '[--redis URL] [--shared DIR]',
  detail:
    'Machines with ASTERISM_REDIS_URL and ASTERISM_SHARED_FOLDER set hand over renders, waveforms, thumbnails and alignment of projects that are, ' +
    'with all their recordings, in the shared folder, under the same path on every machine. --redis and --shared default to these settings.',
  positionals: [0, 0],
  options: { redis: { type: 'string' }, shared: { type: 'string' } },
  answer: workerAnswer,
  async run({ options, signal, say }) {
    const farm = farmSettings({ redis: text(options['redis']), shared: text(options['shared']) })
    if (!farm) {
      throw new UsageError(
        'worker needs --redis URL and --shared DIR, or ASTERISM_REDIS_URL and ASTERISM_SHARED_FOLDER',
      )
    }
    say(`Doing jobs of ${redisPlace(farm.redisUrl)} in ${farm.sharedFolder} until Ctrl-C.`)
    const tally = await serveFarm(farm, {
      version: VERSION,
      signal,
      perform: performer(allWork, farm.sharedFolder, homeFolder(), VERSION),
      say,
    })
    return { answer: { machine: hostname(), shared_folder: farm.sharedFolder, ...tally } }
  },
  report: ({ done, failed }) => [`${done} done, ${failed} failed`],
})
