/** Opens a sealed package with its key: the recordings as they were before, beside what describes them. */
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { parseJson } from '../../chain/durable-file.ts'
import { measured } from '../content/unixfs.ts'
import { writeWholeFolder } from '../export/whole-folder.ts'
import { makeFolder, withFileErrors } from '../../file-errors.ts'
import { MANIFEST_NAME } from '../package/manifest.ts'
import { openPackage, type PackageSource } from '../package/package-source.ts'
import { openContent } from './age-file.ts'
import { SEALED_NAME, sealedSchema, type Sealed } from './seal.ts'
import type { AgeKey } from './work-key.ts'

/** What sealed.json of a package says. @param path its folder or its CAR file. @throws AsterismError `bad_input` where it is not sealed. */
export async function readSealed(path: string, signal?: AbortSignal): Promise<Sealed> {
  const source = await openPackage(path, signal)
  try {
    return await sealedOf(source, path)
  } finally {
    await source.close()
  }
}

async function sealedOf(source: PackageSource, path: string): Promise<Sealed> {
  if (!source.paths.includes(SEALED_NAME)) {
    throw new AsterismError('bad_input', say('leaseKey.open'), { path })
  }
  const pieces: Uint8Array[] = []
  for await (const piece of source.read(SEALED_NAME)) pieces.push(piece)
  const parsed = sealedSchema.safeParse(parseJson(Buffer.concat(pieces).toString('utf8')))
  if (parsed.success) return parsed.data
  throw new AsterismError('corrupt_file', say('leaseKey.howSealed'), { path })
}

export interface OpenedPackage {
  readonly files: number
  readonly bytes: number
}

/**
 * @param packagePath a package that was verified: its folder or its CAR file
 * @param out a folder that is new, empty, or was written by this before
 * @throws AsterismError `corrupt_file`, `conflict`, `disk_full`, `not_writable`, `cancelled`
 */
export async function openSealedPackage(
  packagePath: string,
  key: AgeKey,
  out: string,
  options: { readonly signal?: AbortSignal; readonly onBytes?: (done: number, total: number) => void } = {},
): Promise<OpenedPackage> {
  const { signal, onBytes } = options
  const source = await openPackage(packagePath, signal)
  try {
    const sealed = await sealedOf(source, packagePath)
    const byPath = new Map(sealed.files.map((file) => [file.path, file]))
    let done = 0
    const files = await writeWholeFolder(out, 'opened-package', signal, async (folder) => {
      for (const path of source.paths) {
        // Both speak of the sealed package, which this is no longer.
        if (path === MANIFEST_NAME || path === SEALED_NAME) continue
        const file = byPath.get(path)
        const content = file === undefined ? source.read(path) : openContent(source.read(path), key.secret)
        const told = measured(content)
        const to = insideOf(folder, file?.opens_to ?? path)
        await writePieces(to, told.content, signal, (bytes) => onBytes?.((done += bytes), source.totalBytes))
        if (file !== undefined && told.result().sha256 !== file.sha256) {
          throw new AsterismError('corrupt_file', say('leaseKey.otherContent'), { path })
        }
      }
    })
    return { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) }
  } finally {
    await source.close()
  }
}

/** @throws AsterismError `corrupt_file` for a name that leads out of the folder. */
function insideOf(folder: string, path: string): string {
  const steps = path.split('/')
  if (steps.every((step) => step !== '' && step !== '.' && step !== '..' && !step.includes('\\'))) {
    return join(folder, ...steps)
  }
  throw new AsterismError('corrupt_file', say('leaseKey.badName'), { path })
}

async function writePieces(
  to: string,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<void> {
  await makeFolder(dirname(to))
  const handle = await withFileErrors(to, () => open(to, 'wx'))
  try {
    for await (const piece of content) {
      signal?.throwIfAborted()
      await withFileErrors(to, () => handle.writeFile(piece))
      onBytes(piece.length)
    }
    await withFileErrors(to, () => handle.sync())
  } finally {
    await handle.close()
  }
}
