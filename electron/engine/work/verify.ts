import { say } from '../../../shared/sayings/saying.ts'
import { basename } from 'node:path'
import type { VerifyAnswer } from '../../../shared/contract/package-answers.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { verifyPackage } from '../publish/package/verify.ts'
import type { Work } from './registry.ts'

interface Prepared {
  package: string
}

/** Checks a package from its own bytes, offline. What is wrong with it is the answer, not an error. */
export const verifyWork: Work<'verify', Prepared> = {
  kind: 'verify',
  lane: 'main',
  resumesByItself: false,
  prepare: (input, session) => ({ package: session.files.resolve(input.package) }),
  title: (prepared) => `Verify ${basename(prepared.package)}`,
  about: (prepared) => ({ subject: basename(prepared.package) }),
  async run({ package: path }, _session, { signal, progress }) {
    progress(0, say('work.hashing'))
    const answer = async (): Promise<VerifyAnswer> => {
      try {
        const verified = await verifyPackage(path, {
          signal,
          onBytes: (done, total) => progress(done / Math.max(1, total), say('work.hashing')),
        })
        return {
          path,
          ...verified,
          failures: [...verified.failures],
          blocking: [...verified.blocking],
          credentials: verified.credentials && {
            files: verified.credentials.files,
            signers: [...verified.credentials.signers],
          },
        }
      } catch (error) {
        // An archive whose blocks do not add up cannot be unpacked: that is what is wrong with the package.
        if (!(error instanceof AsterismError) || !['corrupt_file', 'empty_file', 'bad_input'].includes(error.code))
          throw error
        const failures = [{ path: basename(path), what: error.message }]
        return {
          path,
          ok: false,
          root_cid: null,
          token_id: null,
          signer: null,
          credentials: null,
          sealed: null,
          files: 0,
          bytes: 0,
          failures,
          blocking: [],
        }
      }
    }
    return await answer()
  },
}
