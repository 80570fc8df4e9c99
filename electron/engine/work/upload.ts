import { say } from '../../../shared/sayings/saying.ts'
import { basename, join } from 'node:path'
import type { UploadAnswer } from '../../../shared/contract/package-answers.ts'
import { readHeadersFile } from '../publish/upload/headers-file.ts'
import { uploadPackage } from '../publish/upload/index.ts'
import { signIn } from '../publish/upload/sign-in.ts'
import { policyNamed } from '../chain/chain-policies.ts'
import type { JobInput } from '../../../shared/contract/jobs.ts'
import { openSessionSigner } from './open-signer.ts'
import { ownPackage } from './own-package.ts'
import type { Session } from '../session.ts'
import type { Work } from './registry.ts'

interface Prepared {
  package: string
  destination: string
  /** Where the headers are; what they are is never kept with the job. */
  headersFile: string | null
  bytesPerSecond: number | null
  signIn: JobInput<'upload'>['signIn']
}

/** Sends a package, or goes on sending it. It is done only when it was read back. */
export const uploadWork: Work<'upload', Prepared> = {
  kind: 'upload',
  lane: 'main',
  /** Where it signs in a person is asked: not by itself, whoever made the project. */
  resumesByItself: ({ signIn }) => !signIn,
  prepare: (input, session) => ({
    package: input.package ? session.files.resolve(input.package) : ownPackage(session),
    destination: 'address' in input.to ? input.to.address : `folder:${session.files.resolve(input.to.folder)}`,
    headersFile: input.headers ? session.files.resolve(input.headers) : null,
    bytesPerSecond: input.bytesPerSecond,
    signIn: input.signIn,
  }),
  title: (prepared) => `Upload ${basename(prepared.package)}`,
  about: (prepared) => ({ subject: basename(prepared.package) }),
  async run(prepared, session, { signal, progress, log }) {
    const given = prepared.headersFile === null ? {} : await readHeadersFile(prepared.headersFile)
    const headers = { ...given, ...(await signedIn(prepared, session, signal)) }
    progress(0, say('work.checkingPackage'))
    const answer: UploadAnswer = {
      ...(await uploadPackage(prepared.package, prepared.destination, {
        stateDirectory: join(session.options.home, 'uploads'),
        headers,
        bytesPerSecond: prepared.bytesPerSecond,
        signal,
        onProgress: (done, total) =>
          progress(done / Math.max(1, total), done < total ? say('work.sending') : say('work.readingBack')),
      })),
    }
    if (answer.note !== undefined) log(answer.note)
    return answer
  },
}

/** What lets in for an account, where one is to sign in; kept nowhere. */
async function signedIn(
  { signIn: how, destination }: Prepared,
  session: Session,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  if (!how) return {}
  const signer = await openSessionSigner(session, how.network, how.account)
  try {
    return await signIn({ destination, address: how.at, chainId: policyNamed(how.network).chainId, signer, signal })
  } finally {
    await signer.close()
  }
}
