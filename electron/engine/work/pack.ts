import { say } from '../../../shared/sayings/saying.ts'
import { existsSync } from 'node:fs'
import { rmdir } from 'node:fs/promises'
import { reportId } from '../../../shared/document/document.ts'
import { packedContentKey } from '../../../shared/document/packed-content.ts'
import type { PackAnswer } from '../../../shared/contract/answers.ts'
import { pathOfAsset } from '../assets/asset-location.ts'
import { makeFolder } from '../file-errors.ts'
import type { Json } from '../publish/package/canonical-json.ts'
import { buildPackage } from '../publish/package/build.ts'
import { sealingSecret } from '../publish/sealed/work-key.ts'
import type { Session } from '../session.ts'
import type { Work } from './registry.ts'
import { matchesOf, originalCheck, originalityOfProject, registerProject } from './originality.ts'
import { keepReport } from './reports.ts'

interface Prepared {
  /** Absolute; null puts it beside the project. */
  out: string | null
  licence: string | null
  profile: string | null
  supersedes: string | null
  seal: boolean
}

/** The folder is made first, so that one that takes nothing is told at once, and does not stay behind without a package. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const isNew = (await makeFolder(folder)) !== undefined
  try {
    return await work()
  } catch (error) {
    if (isNew) await rmdir(folder).catch(() => undefined)
    throw error
  }
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
    supersedes: input.supersedes ?? null,
    seal: input.seal === true,
  }),
  title: () => 'Make the package',
  async run({ out, licence, profile, supersedes, seal }, session, { signal, progress }) {
    const store = session.requireProject()
    const directory = out ?? `${store.path}.packages`
    return await inFolder(directory, async () => {
      const originality = await originalityOfProject(session, signal, (fraction, name) =>
        progress(0.1 * fraction, say('work.comparing', { name })),
      )
      // What is changed while it is made is not in it.
      const contentKey = packedContentKey(store.document)
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
          supersedes,
          sealingSecret: seal ? await sealingSecret(session.options.home) : null,
        },
        directory,
        { signal, onProgress: ({ fraction, stage }) => progress(0.1 + 0.8 * fraction, stage) },
      )
      const answer: PackAnswer = {
        path: built.path,
        root_cid: built.root_cid,
        car: built.car,
        files: built.files,
        bytes: built.bytes,
        ...(built.sealed_for === null ? {} : { sealed_for: built.sealed_for }),
        ...(supersedes !== null && { supersedes }),
        checks: built.checks.map((check) => ({
          ...(check.id === 'original' ? originalCheck(check, originality) : check),
        })),
        originality: { status: originality.status, matches: matchesOf(originality.findings) },
      }
      await registerProject(
        session,
        { tokenId: built.token_id, root: built.root_cid, supersedes },
        signal,
        (fraction, name) => progress(0.9 + 0.1 * fraction, say('work.remembering', { name })),
      )
      keepReport(session, 'package', say('step.makePackage'), answer, contentKey)
      return answer
    })
  },
}

/** The prediction without its originality, which tells of this machine's library and not of the work; in English alone. */
function starsOf(session: Session): Json {
  const report = session.document.get(reportId('stars'))
  if (report?.kind !== 'report') return null
  const { originality: _, ...prediction } = report.data as { readonly originality?: Json }
  return JSON.parse(JSON.stringify(prediction, (key, value: unknown) => (key === 'said' ? undefined : value))) as Json
}

function creatorOf(session: Session): string | null {
  const rights = session.document.get('rights')
  return rights?.kind === 'rights' ? rights.creatorAddress : null
}
