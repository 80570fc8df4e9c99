import { existsSync } from 'node:fs'
import { makeFolder } from '../../../engine/file-errors.ts'
import { join, resolve } from 'node:path'
import type { z } from 'zod'
import { demoAnswer } from '../../../../shared/contract/answers.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { inWords } from './pack.ts'
import { demoReport } from '../demo-report.ts'

type Demo = z.infer<typeof demoAnswer>

/** A project of this name may be there from the last demo: each run gets its own. */
function freeProjectPath(folder: string): string {
  let path = join(folder, 'Sample take.asterism')
  for (let n = 2; existsSync(path); n++) path = join(folder, `Sample take ${n}.asterism`)
  return path
}

/** What a creator would say of the sample take before publishing it; every line is a gesture in the project. */
async function declareRights({ client }: CommandContext): Promise<void> {
  const values = {
    licence: 'CC-BY-4.0',
    creatorName: 'Asterism sample',
    description:
      'A walk through a furnished living room with live spoken commentary, filmed by two cameras while a phone scans the room.',
    declaresOriginal: true,
    consentsComplete: true,
  }
  await client.document.commit({
    label: 'Rights of the sample take',
    patches: Object.entries(values).map(([field, value]) => ({
      op: 'replace' as const,
      path: ['rights', field],
      value,
    })),
    baseRevision: 0,
  })
}

export const demoCommand = defineCommand<Demo>({
  usage: '[--out DIR]',
  positionals: [0, 0],
  options: { out: { type: 'string' } },
  answer: demoAnswer,
  async run(context) {
    const { client, engine, run, say, options } = context
    const started = performance.now()
    const folder = resolve(typeof options['out'] === 'string' ? options['out'] : 'demo-out')
    await makeFolder(folder)
    const project = freeProjectPath(folder)
    await client.projects.openFile({ file: engine.grantFile(project), create: true, title: 'Sample take' })

    say('1/6  import')
    const imported = await run('import', { files: await client.files.sample() })
    say('2/6  align in time')
    const sync = await run('sync', { referenceAssetId: null, method: 'auto' })
    say('3/6  align in space')
    const register = await run('register', { referenceAssetId: null })
    say('4/6  stars')
    const stars = await run('stars', { pack: null })
    say('5/6  package')
    await declareRights(context)
    const packed = await run('pack', { out: engine.grantFile(join(folder, 'packages')), licence: null, profile: null })
    say('6/6  practice mint, then the same mint again')
    const mint = await run('mint', { package: null, network: 'practice', dryRun: false })
    const secondMint = await run('mint', { package: null, network: 'practice', dryRun: false })

    const answer: Demo = {
      project,
      assets: imported.assets,
      sync,
      register,
      stars,
      package: inWords(packed),
      mint,
      second_mint: secondMint,
      seconds: (performance.now() - started) / 1000,
    }
    return { answer, exitCode: imported.refused.length > 0 ? 3 : 0 }
  },
  report: demoReport,
})
