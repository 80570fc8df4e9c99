import { ownPackage } from './own-package.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { basename } from 'node:path'
import { requireWhole } from '../publish/package/require-whole.ts'
import { verifyPackage } from '../publish/package/verify.ts'
import { writeCredentials } from '../publish/provenance/credentials.ts'
import type { Work } from './registry.ts'

interface Prepared {
  package: string
  embedIn: string | null
}

/** Makes the C2PA manifests of a package, its folder. It moves nothing and asks for no wallet. */
export const credentialsWork: Work<'credentials', Prepared> = {
  kind: 'credentials',
  lane: 'main',
  resumesByItself: false,
  prepare: (input, session) => ({
    package: input.package ? session.files.resolve(input.package) : ownPackage(session),
    embedIn: input.embedIn ? session.files.resolve(input.embedIn) : null,
  }),
  title: (prepared) => `Credentials of ${basename(prepared.package)}`,
  about: (prepared) => ({ subject: basename(prepared.package) }),
  async run({ package: path, embedIn }, session, { signal, progress }) {
    progress(0, say('work.checkingPackage'))
    const { home, version } = session.options
    const verified = await verifyPackage(path, { signal })
    // Credentials of an earlier run are made anew.
    const failures = verified.failures.filter((each) => !each.path.endsWith('.c2pa'))
    requireWhole(failures, path, say('kept.nothingSigned'))
    const onProgress = (fraction: number): void => progress(fraction, say('work.signing'))
    return await writeCredentials(path, { home, version, embedIn, signal, onProgress })
  },
}
