/** Reads what a mint needs of a package: the bytes of metadata.json, whose digest is the token. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { readPlainFile } from '../named-file.ts'
import { checkedAddress } from './address.ts'
import { parseJson } from './durable-file.ts'

/**
 * Size of one raw block of the package's CID profile: only up to here the digest of the bytes is their content address.
 */
const LARGEST_METADATA_BYTES = 1024 * 1024

export interface PackageMetadata {
  /** Sha-256 of metadata.json: `0x` and 64 digits. */
  readonly tokenId: string
  /** Lower case; null when the metadata name none. */
  readonly creator: string | null
  /** Null if they name none, or an invalid one. */
  readonly licence: string | null
  readonly trainingUse: string | null
}

/**
 * @param expected The token that the package was verified to be.
 * @throws AsterismError `not_found`, `corrupt_file`, `too_large`, `conflict` if it has changed since.
 */
export async function readPackageMetadata(packageDirectory: string, expected?: string): Promise<PackageMetadata> {
  const metadata = await readMetadata(join(packageDirectory, 'metadata.json'))
  if (expected === undefined || expected === metadata.tokenId) return metadata
  throw new AsterismError('conflict', say('package.changed'), {
    path: packageDirectory,
    kept: say('kept.nothingSigned'),
    fix: say('project.fix.again'),
  })
}

/** @param path Of metadata.json, which says which token it is. @throws AsterismError as for that of a package. */
export async function readMetadata(path: string): Promise<PackageMetadata> {
  const bytes = await readBounded(path)
  const metadata = parseJson(bytes.toString('utf8'))
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new AsterismError('corrupt_file', say('package.metadataNotJson'), { path, fix: say('package.fix.again') })
  }
  const { properties } = metadata as { properties?: unknown }
  return {
    tokenId: `0x${createHash('sha256').update(bytes).digest('hex')}`,
    creator: creatorOf(metadata),
    licence: nameIn(properties, 'licence'),
    trainingUse: nameIn(properties, 'training_use'),
  }
}

/** A short name among others' words, which are shown where something is signed. */
function nameIn(properties: unknown, name: string): string | null {
  const value = typeof properties === 'object' && properties !== null ? Reflect.get(properties, name) : null
  return typeof value === 'string' && /^[\w.+-]{1,64}$/.test(value) ? value : null
}

/**
 * A work belongs in the collection of the creator that its metadata name. In another collection its id, the digest of
 * these metadata, would appear as that account's own work.
 * @returns what to say on the practice network, where one may rehearse with an account of no value
 * @throws AsterismError `conflict` on every other network
 */
export function requireOwnWork(
  { creator }: Pick<PackageMetadata, 'creator'>,
  account: string,
  practice: boolean,
): readonly string[] {
  if (creator === null || creator === account.toLowerCase()) return []
  if (practice)
    return [`The metadata name ${creator} as creator, but ${account} mints. A real network needs that account.`]
  throw new AsterismError('conflict', say('package.othersWork', { creator: checkedAddress(creator), account }), {
    fix: say('package.fix.creator'),
    kept: say('kept.nothingSigned'),
  })
}

async function readBounded(path: string): Promise<Buffer> {
  const bytes = await readPlainFile(path, LARGEST_METADATA_BYTES).catch((cause: unknown) => {
    throw new AsterismError('not_found', say('package.noMetadata'), {
      path,
      fix: say('package.fix.pack'),
      cause,
    })
  })
  if (typeof bytes !== 'string') return bytes
  if (bytes === 'no file') throw new AsterismError('corrupt_file', say('package.metadataNoFile'), { path })
  throw new AsterismError('too_large', say('package.metadataLong'), { path, fix: say('package.fix.metadataLong') })
}

/** Packages name it under `properties`; what others made may name it at the top. */
function creatorOf(metadata: object): string | null {
  const { creator, properties } = metadata as { creator?: unknown; properties?: unknown }
  const nested = typeof properties === 'object' && properties !== null && 'creator' in properties
  return addressIn(nested ? properties.creator : undefined) ?? addressIn(creator)
}

/** An address, a CAIP-10 account (`eip155:1:0x…`), or an object with an `address`. */
function addressIn(value: unknown): string | null {
  if (typeof value === 'object' && value !== null && 'address' in value) return addressIn(value.address)
  return typeof value === 'string' ? (/(?:^|:)(0x[0-9a-fA-F]{40})$/.exec(value)?.[1]?.toLowerCase() ?? null) : null
}
