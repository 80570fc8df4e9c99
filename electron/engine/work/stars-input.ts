/** What the stars of the open project are estimated from: its records, its files, and what is known of them elsewhere. */
import { existsSync } from 'node:fs'
import { recordsOf, streamsOf } from '../../../shared/document/document.ts'
import { captionsAsRecorded } from '../../../shared/document/recorded-captions.ts'
import type { UsedSpans } from '../../../shared/document/used-spans.ts'
import { pathOfAsset } from '../assets/asset-location.ts'
import { folderCache } from '../folder-cache.ts'
import { readyModels } from '../models/user-models.ts'
import type { Encoders } from '../models/encoders.ts'
import { PictureTextEncoder } from '../models/picture-text-encoder.ts'
import type { Originality } from '../originality/index.ts'
import type { Session } from '../session.ts'
import {
  gatherStarsInput,
  type GatherContext,
  type GatheredStars,
  type StarsProjectView,
} from '../stars/gather-stars-input.ts'
import { knownTo, seenIn } from './originality.ts'

interface Look extends Pick<GatherContext, 'signal' | 'onProgress' | 'see'> {
  readonly used: UsedSpans
  readonly originality: Originality
  readonly encoders: Encoders
  readonly joint: PictureTextEncoder | null
}

export const starsCache = (session: Session) => folderCache(session.cacheFolder(), 'stars')

/** Measures what was not measured before, and gathers it all. */
export async function starsInputOf(session: Session, { used, originality, ...look }: Look): Promise<GatheredStars> {
  return await gatherStarsInput(viewOf(session, used), {
    ...look,
    tools: await session.tools(),
    cache: starsCache(session),
    library: knownTo(session, originality),
    seen: seenIn(session, originality),
  })
}

/** The model of pictures and words that a pack was made with; else the first that the person brought. */
export async function jointEncoder(
  { options: { home, host } }: Session,
  wanted: string | null,
  signal: AbortSignal,
): Promise<PictureTextEncoder | null> {
  const cards = await readyModels(home, 'picture-text')
  const card = cards.find(({ digest }) => digest === wanted) ?? cards[0]
  return card ? new PictureTextEncoder(card, { signal, spawn: host.spawnModel }) : null
}

function viewOf(session: Session, used: UsedSpans): StarsProjectView {
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
    captions: captionsAsRecorded(document),
    rights: rights?.kind === 'rights' ? rights : null,
    referenceClockId: project?.kind === 'project' ? project.referenceClockId : null,
    worldAssetId: project?.kind === 'project' ? project.worldAssetId : null,
    used,
  }
}
