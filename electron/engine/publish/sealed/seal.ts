/** Seals the recordings of a package: what describes them stays readable, they open with the work's key only. */
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { addressOfContent, addressOfTree, measured, readPieces } from '../content/unixfs.ts'
import { withFileErrors } from '../../file-errors.ts'
import { mediaTypeOf } from '../formats/media-types.ts'
import type { Json } from '../package/canonical-json.ts'
import type { PackagedAsset, PackagedFile } from '../package/packaged.ts'
import { sealContent } from './age-file.ts'
import { SEALED_SCHEME } from './scheme.ts'
import { fileSecrets, workKey, type AgeKey } from './work-key.ts'

export const SEALED_NAME = 'sealed.json'
const SEALED_FORMAT = 'asterism-sealed/1'
const EXTENSION = '.age'

export const sealedSchema = z.object({
  format: z.literal(SEALED_FORMAT),
  scheme: z.literal(SEALED_SCHEME),
  recipient: z.string(),
  files: z.array(
    z.object({
      path: z.string(),
      opens_to: z.string(),
      bytes: z.number().int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
})
export type Sealed = z.infer<typeof sealedSchema>

export interface SealedAssets {
  readonly key: AgeKey
  /** As they lie in the package now. */
  readonly assets: readonly PackagedAsset[]
}

/**
 * Puts sealed files in the place of the recordings in a package that is being built.
 * @param secret of this machine
 */
export async function sealAssets(
  directory: string,
  assets: readonly PackagedAsset[],
  secret: Uint8Array,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<SealedAssets> {
  const key = workKey(
    secret,
    assets.flatMap((asset) => asset.files.map((file) => file.sha256)),
  )
  const sealed: PackagedAsset[] = []
  for (const asset of assets) {
    const files: PackagedFile[] = []
    for (const file of asset.files) files.push(await sealFile(directory, file, key, signal, onBytes))
    const inFolder = files.map(({ path, address }) => ({ path: path.slice(asset.path.length + 1), address }))
    sealed.push({
      ...asset,
      path: asset.isFolder ? asset.path : files[0]!.path,
      files,
      address: asset.isFolder ? await addressOfTree(inFolder) : files[0]!.address,
    })
  }
  return { key, assets: sealed }
}

async function sealFile(
  directory: string,
  file: PackagedFile,
  key: AgeKey,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<PackagedFile> {
  const path = `${file.path}${EXTENSION}`
  const [from, to] = [join(directory, file.path), join(directory, path)]
  const plain = readPieces(from, { signal, observe: (piece) => onBytes(piece.length) })
  const { content, result } = measured(sealContent(plain, key.publicKey, fileSecrets(key, file.path, file.sha256)))
  const handle = await withFileErrors(to, () => open(to, 'wx'))
  try {
    const writing = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of content) {
        await withFileErrors(to, () => handle.writeFile(piece))
        yield piece
      }
      await withFileErrors(to, () => handle.sync())
    }
    const address = await addressOfContent(writing())
    await withFileErrors(from, () => rm(from))
    return { path, ...result(), address, mediaType: mediaTypeOf(path) }
  } finally {
    await handle.close()
  }
}

/** What is sealed, for whoever gets the key: names and digests of what the files open to. */
export function sealedJson(plain: readonly PackagedAsset[], { key, assets }: SealedAssets): Json {
  const opened = plain.flatMap((asset) => asset.files)
  const sealed: Sealed = {
    format: SEALED_FORMAT,
    scheme: SEALED_SCHEME,
    recipient: key.recipient,
    files: assets
      .flatMap((asset) => asset.files)
      .map(({ path }, n) => ({
        path,
        opens_to: opened[n]!.path,
        bytes: opened[n]!.bytes,
        sha256: opened[n]!.sha256,
      })),
  }
  return sealed
}
