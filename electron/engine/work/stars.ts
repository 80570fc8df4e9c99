import { existsSync } from 'node:fs'
import type { StarsAnswer } from '../../../shared/contract/answers.ts'
import { recordsOf, streamsOf } from '../../../shared/document/document.ts'
import { pathOfAsset } from '../asset-location.ts'
import { folderCache } from '../folder-cache.ts'
import type { Session } from '../session.ts'
import { builtInPack } from '../stars/built-in-pack.ts'
import { estimateStarsInWorker } from '../stars/compute.ts'
import { gatherStarsInput, type StarsProjectView } from '../stars/gather-stars-input.ts'
import { estimatePack, loadStarpack } from '../stars/starpack-file.ts'
import type { Work } from './registry.ts'
import { knownTo, originalityOfProject, withFindings } from './originality.ts'
import { missingModels } from '../models/model-bytes.ts'
import { Encoders } from '../models/encoders.ts'
import { keepReport } from './reports.ts'

interface Prepared {
  pack: string | null
}

/** Predicts what the take is worth, offline. */
export const starsWork: Work<'stars', Prepared> = {
  kind: 'stars',
  lane: 'main',
  resumesByItself: true,
  prepare: (input, session) => ({ pack: input.pack ? session.files.resolve(input.pack) : null }),
  title: () => 'Predict the stars',
  async run({ pack }, session, { signal, progress, log }) {
    const chosen = pack ? estimatePack(await loadStarpack(pack)) : builtInPack()
    const originality = await originalityOfProject(session, signal, (fraction, title) =>
      progress(0.2 * fraction, `Comparing ${title} with what was made before`),
    )
    const encoders = new Encoders(signal)
    const gathered = gatherStarsInput(viewOf(session), {
      tools: await session.tools(),
      signal,
      cache: folderCache(session.cacheFolder(), 'stars'),
      encoders,
      library: knownTo(session, originality),
      onProgress: (fraction, what) => progress(0.2 + 0.7 * fraction, what ? `Looking at ${what}` : 'Weighing it'),
    })
    const { input, skipped } = await gathered.finally(() => encoders.close())
    for (const { title, use } of missingModels()) log(`${title} is not on this machine: nothing ${use}.`)
    for (const each of skipped) log(`Not looked at: ${each.reason}`)
    const report = await estimateStarsInWorker(input, chosen, { signal })
    const answer = withFindings(JSON.parse(JSON.stringify(report)) as StarsAnswer, originality)
    keepReport(session, 'stars', 'Predict the stars', answer)
    return answer
  },
}

function viewOf(session: Session): StarsProjectView {
  const { document } = session
  const project = document.get('project')
  const rights = document.get('rights')
  return {
    assets: recordsOf(document, 'asset').map((asset) => {
      const path = pathOfAsset(session, asset.id)
      return {
        asset,
        streams: streamsOf(document, asset.id),
        clocks: recordsOf(document, 'clock').filter((clock) => clock.assetId === asset.id),
        path: path && existsSync(path) ? path : null,
      }
    }),
    timeMaps: recordsOf(document, 'timeMap'),
    transforms: recordsOf(document, 'transform'),
    captions: recordsOf(document, 'caption'),
    rights: rights?.kind === 'rights' ? rights : null,
    referenceClockId: project?.kind === 'project' ? project.referenceClockId : null,
    worldAssetId: project?.kind === 'project' ? project.worldAssetId : null,
  }
}
