import { basename, join } from 'node:path'
import type { UploadAnswer } from '../../../shared/contract/package-answers.ts'
import { readHeadersFile } from '../publish/upload/headers-file.ts'
import { uploadPackage } from '../publish/upload/index.ts'
import { ownPackage } from './own-package.ts'
import type { Work } from './registry.ts'

interface Prepared {
  package: string
  destination: string
  /** Where the headers are; what they are is never kept with the job. */
  headersFile: string | null
  bytesPerSecond: number | null
}

/** Sends a package, or goes on sending it. It is done only when it was read back. */
export const uploadWork: Work<'upload', Prepared> = {
  kind: 'upload',
  lane: 'main',
  resumesByItself: true,
  prepare: (input, session) => ({
    package: input.package ? session.files.resolve(input.package) : ownPackage(session),
    destination: 'address' in input.to ? input.to.address : `folder:${session.files.resolve(input.to.folder)}`,
    headersFile: input.headers ? session.files.resolve(input.headers) : null,
    bytesPerSecond: input.bytesPerSecond,
  }),
  title: (prepared) => `Upload ${basename(prepared.package)}`,
  async run(prepared, session, { signal, progress, log }) {
    progress(0, 'Checking the package')
    const answer: UploadAnswer = {
      ...(await uploadPackage(prepared.package, prepared.destination, {
        stateDirectory: join(session.options.home, 'uploads'),
        headers: prepared.headersFile === null ? {} : await readHeadersFile(prepared.headersFile),
        bytesPerSecond: prepared.bytesPerSecond,
        signal,
        onProgress: (done, total) =>
          progress(done / Math.max(1, total), done < total ? 'Sending' : 'Reading back what was sent'),
      })),
    }
    if (answer.note !== undefined) log(answer.note)
    return answer
  },
}
