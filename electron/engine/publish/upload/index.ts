/** The upload targets, and the one function that uploads to them. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { startsAsCar } from '../content/car-reader.ts'
import { addressOfFile } from '../content/unixfs.ts'
import { withFileErrors } from '../../file-errors.ts'
import { pathExists } from '../package/temporary-folder.ts'
import { requireWhole } from '../package/require-whole.ts'
import { verifyPackage } from '../package/verify.ts'
import { signatureClaims } from '../package/signature.ts'
import { schemeOf } from '../../../../shared/publish/destination.ts'
import { folderTarget } from './folder.ts'
import { kuboTarget } from './kubo.ts'
import { PATIENCE_MILLISECONDS } from './patience.ts'
import { pinningTarget } from './pinning.ts'
import { s3Target } from './s3.ts'
import type { UploadResult, UploadTarget } from './target.ts'
import { tusTarget } from './tus.ts'

export const UPLOAD_TARGETS: readonly UploadTarget[] = [tusTarget, s3Target, kuboTarget, pinningTarget, folderTarget]

export interface UploadOptions {
  /** Where targets store what they need to resume after a crash. */
  readonly stateDirectory: string
  readonly headers?: Readonly<Record<string, string>>
  /** Upload rate limit; none if absent. */
  readonly bytesPerSecond?: number | null
  /** The longest silence of a server; half a minute if absent. */
  readonly patienceMilliseconds?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void
}

/** Query parameters that are credentials: they would appear in answers, logs and the project. */
const LETS_IN = /token|secret|passw|credential|signature|api-?_?key|access-?_?key|^(?:key|auth|sig|sas|jwt)$/i

/** @throws AsterismError `bad_input`, which names the known schemes. */
export function uploadTarget(destination: string): UploadTarget {
  if (schemeOf(destination) !== null && URL.canParse(destination)) {
    const { username, password, searchParams } = new URL(destination)
    if (username !== '' || password !== '' || [...searchParams.keys()].some((name) => LETS_IN.test(name))) {
      throw new AsterismError('bad_input', say('upload.secretInAddress'), {
        fix: say('upload.fix.headers'),
        kept: say('kept.nothingSent'),
      })
    }
  }
  const target = UPLOAD_TARGETS.find((each) => each.supports(destination))
  if (target === undefined) {
    throw new AsterismError('bad_input', say('upload.nowhere', { destination }), {
      fix: say('upload.fix.nowhere'),
    })
  }
  return target
}

/**
 * Sends a package: its folder (with the CAR file beside it) or its CAR file alone. Both are verified before a byte
 * leaves, and they must be the same package.
 *
 * @param destination A folder (`folder:` may stand before it) or a URL.
 * @throws AsterismError `not_found`, `corrupt_file`, `conflict`, `network_failed`, `too_large`, `disk_full`,
 *   `not_writable`, `bad_input`, `cancelled`.
 */
export async function uploadPackage(
  packagePath: string,
  destination: string,
  options: UploadOptions,
): Promise<UploadResult> {
  const signal = options.signal ?? new AbortController().signal
  const target = uploadTarget(destination)
  const path = resolve(packagePath)
  const isFolder = (await withFileErrors(path, () => stat(path))).isDirectory()
  const car = isFolder ? `${path}.car` : path
  if (isFolder && !(await pathExists(car))) {
    throw new AsterismError('not_found', say('upload.noArchive'), {
      path,
      fix: say('package.fix.again'),
      kept: say('kept.nothingSent'),
    })
  }
  // A pipe would wait for ever, and any large file for as long as it takes to read.
  if (!(await withFileErrors(car, () => stat(car))).isFile()) {
    throw new AsterismError('bad_input', say('file.neither'), { path: car, kept: say('kept.nothingSent') })
  }
  if (!(await startsAsCar(car))) {
    throw new AsterismError('corrupt_file', say('car.none'), { path: car, kept: say('kept.nothingSent') })
  }
  // Before it is looked at: what is sent and read back is held against this, so that an archive which is written anew
  // meanwhile is never called the one that was whole.
  const { sha256, bytes } = await addressOfFile(car, signal)
  const archived = await verifyPackage(car, { signal })
  requireWhole(archived.failures, car, say('kept.nothingSent'))
  if (isFolder) {
    const folder = await verifyPackage(path, { signal })
    requireWhole(folder.failures, path, say('kept.nothingSent'))
    if (folder.root_cid !== archived.root_cid) {
      throw new AsterismError('conflict', say('upload.twoPackages'), {
        path,
        fix: say('package.fix.again'),
        kept: say('kept.nothingSent'),
      })
    }
  }
  // A signature that is not of this package is a failure of the verification before.
  const claims = archived.signer === null ? {} : await signatureClaims(car)
  return await naming(destination, () =>
    target.upload({
      folder: isFolder ? path : null,
      car,
      carBytes: bytes,
      carSha256: sha256,
      rootCid: archived.root_cid,
      destination,
      stateDirectory: options.stateDirectory,
      headers: options.headers ?? {},
      claims,
      bytesPerSecond: options.bytesPerSecond ?? null,
      patienceMilliseconds: options.patienceMilliseconds ?? PATIENCE_MILLISECONDS,
      signal,
      onProgress: options.onProgress ?? (() => undefined),
    }),
  )
}

/** Every failure of an upload names its destination. */
async function naming<T>(destination: string, upload: () => Promise<T>): Promise<T> {
  try {
    return await upload()
  } catch (error) {
    if (!(error instanceof AsterismError) || error.path !== undefined) throw error
    throw error.with({ path: destination, cause: error })
  }
}
