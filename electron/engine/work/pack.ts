import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { reportId } from '../../../shared/document/document.ts'
import type { PackAnswer } from '../../../shared/contract/answers.ts'
import { pathOfAsset } from '../asset-location.ts'
import type { Json } from '../publish/package/canonical-json.ts'
import { buildPackage } from '../publish/package/build.ts'
import type { Session } from '../session.ts'
import type { Work } from './registry.ts'
import { keepReport } from './reports.ts'

interface Prepared {
  /** Absolute; null puts it beside the project. */
  out: string | null
  licence: string | null
  profile: string | null
}

/** Packs the project. The same project gives the same root CID. */
export const packWork: Work<'pack', Prepared> = {
  kind: 'pack',
  lane: 'main',
  resumesByItself: true,
  prepare: (input, session) => ({
    out: input.out ? session.files.resolve(input.out) : null,
    licence: input.licence,
    profile: input.profile,
  }),
  title: () => 'Make the package',
  async run({ out, licence, profile }, session, { signal, progress }) {
    const store = session.requireProject()
    const directory = out ?? `${store.path}.packages`
    await mkdir(directory, { recursive: true })
    const built = await buildPackage(
      {
        records: [...store.document.values()],
        assetPath: (assetId) => {
          const path = pathOfAsset(session, assetId)
          return path && existsSync(path) ? path : null
        },
        stars: starsOf(session),
        creatorAddress: creatorOf(session),
        tools: await session.tools(),
        licence,
        buyerProfileId: profile ?? 'none',
      },
      directory,
      { signal, onProgress: ({ fraction, stage }) => progress(fraction, stage) },
    )
    const answer: PackAnswer = {
      path: built.path,
      root_cid: built.root_cid,
      car: built.car,
      files: built.files,
      bytes: built.bytes,
      checks: built.checks.map((check) => ({ ...check })),
    }
    keepReport(session, 'package', 'Make the package', answer)
    return answer
  },
}

function starsOf(session: Session): Json {
  const report = session.document.get(reportId('stars'))
  return report?.kind === 'report' ? (report.data as Json) : null
}

function creatorOf(session: Session): string | null {
  const rights = session.document.get('rights')
  return rights?.kind === 'rights' ? rights.creatorAddress : null
}
