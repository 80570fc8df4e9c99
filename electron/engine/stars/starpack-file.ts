/** Writes, signs, reads and refuses `.starpack` files. */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { EstimatePack } from '../../../shared/stars/estimate/estimate-stars.ts'
import type { Starpack, StarpackContent } from '../../../shared/stars/starpack.ts'
import {
  STARPACK_LIMITS,
  STARPACK_VERSIONS,
  starpackContentSchema,
  starpackSchema,
} from '../../../shared/stars/starpack.ts'
import { readNamedFile } from '../named-file.ts'
import type { Json } from '../publish/package/canonical-json.ts'
import { canonicalJson } from '../publish/package/canonical-json.ts'
import { doubtsOfPack, taskFromPack, wildNumbers } from './starpack-task.ts'

function digestOf(content: StarpackContent): string {
  return createHash('sha256')
    .update(canonicalJson(content as unknown as Json))
    .digest('hex')
}

function firstIssue(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  const [issue] = error.issues
  return `${issue.path.map(String).join('.') || 'the document'}: ${issue.message}`
}

/**
 * A pack as bytes: the same content gives the same bytes.
 *
 * @param privateKeyPem An ed25519 key (PKCS 8), or null for a pack that ships with the program.
 */
export function writeStarpack(content: StarpackContent, privateKeyPem: string | null): Uint8Array {
  const checked = starpackContentSchema.safeParse(content)
  if (!checked.success)
    throw new AsterismError('bad_input', say('starpack.malformed', { what: firstIssue(checked.error) }))
  const digest = digestOf(checked.data)
  let signature: Starpack['signature'] = null
  if (privateKeyPem !== null) {
    const key = createPrivateKey(privateKeyPem)
    if (key.asymmetricKeyType !== 'ed25519') throw new AsterismError('bad_input', say('starpack.onlyEd25519'))
    signature = {
      algorithm: 'ed25519',
      publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'),
      value: sign(null, Buffer.from(digest, 'hex'), key).toString('base64'),
    }
  }
  return canonicalStarpack({ ...checked.data, digest, signature })
}

/** The bytes of a pack: the same pack gives the same bytes. */
export function canonicalStarpack(pack: Starpack): Uint8Array {
  return new TextEncoder().encode(`${canonicalJson(pack as unknown as Json)}\n`)
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new AsterismError('corrupt_file', say('starpack.noJson'), { cause })
  }
}

function hasValidSignature({ digest, signature }: Starpack): boolean {
  if (!signature) return false
  try {
    const key = createPublicKey({ key: Buffer.from(signature.publicKey, 'base64'), type: 'spki', format: 'der' })
    if (key.asymmetricKeyType !== 'ed25519') return false
    return verify(null, Buffer.from(digest, 'hex'), key, Buffer.from(signature.value, 'base64'))
  } catch (error) {
    // node:crypto throws at keys that are none; such a signature is as good as a wrong one.
    if (error instanceof Error) return false
    throw error
  }
}

/**
 * Reads a pack.
 *
 * @param origin `shipped` packs come with the program and need no signature; all others do.
 * @throws AsterismError `too_large`, `corrupt_file` (no JSON, changed after it was made, wrong signature),
 *   `unsupported_format` (another kind of document or a newer version), `bad_input` (no signature).
 */
export function readStarpack(bytes: Uint8Array, origin: 'shipped' | 'foreign'): Starpack {
  if (bytes.length > STARPACK_LIMITS.bytes) {
    throw new AsterismError('too_large', say('starpack.tooLong', { bytes: bytes.length, most: STARPACK_LIMITS.bytes }))
  }
  const document = parseJson(bytes)
  const head =
    typeof document === 'object' && document !== null ? (document as { format?: unknown; version?: unknown }) : {}
  if (head.format !== 'starpack') throw new AsterismError('unsupported_format', say('starpack.none'))
  if (!STARPACK_VERSIONS.includes(head.version)) {
    throw new AsterismError(
      'unsupported_format',
      say('starpack.otherVersion', {
        version: JSON.stringify(head.version) ?? 'none',
        known: STARPACK_VERSIONS.join(' or '),
      }),
    )
  }
  const parsed = starpackSchema.safeParse(document)
  if (!parsed.success)
    throw new AsterismError('corrupt_file', say('starpack.malformed', { what: firstIssue(parsed.error) }))
  const { digest, signature, ...content } = parsed.data
  if (digestOf(content) !== digest) throw new AsterismError('corrupt_file', say('starpack.changed'))
  if (signature === null && (origin === 'foreign' || content.kind !== 'built-in')) {
    throw new AsterismError('bad_input', say('starpack.unsigned'), { fix: say('starpack.fix.signed') })
  }
  if (signature !== null && !hasValidSignature(parsed.data)) {
    throw new AsterismError('corrupt_file', say('starpack.wrongSignature'))
  }
  for (const task of content.tasks) {
    const where = wildNumbers(task)
    if (where) throw new AsterismError('corrupt_file', say('starpack.noNumber', { where, task: task.id }))
  }
  return parsed.data
}

/** A pack file of the person's choice. */
export async function loadStarpack(path: string): Promise<Starpack> {
  return readStarpack(await readNamedFile(path, STARPACK_LIMITS.bytes, say('file.longKind')), 'foreign')
}

/** The digest of the encoder whose vectors a pack values; null for a pack without a task. */
export function encoderOfPack(pack: Starpack): string | null {
  return pack.tasks[0]?.encoder.sha256 ?? null
}

/**
 * What the estimate of a project takes from a pack: its first task, where it has one.
 *
 * @param joint The digest of the model of pictures and words that looks at the project, if one does.
 * @throws AsterismError `unsupported_format` where the task asks for vectors of an encoder that this program does not have.
 */
export function estimatePack(pack: Starpack, joint: string | null = null): EstimatePack {
  const { id, digest, kind, note, benchmark, calibration } = pack
  const { halfWidth, shareQuantiles } = calibration.libraryOnly
  const [task] = pack.tasks
  const about = {
    id,
    digest,
    kind,
    note,
    benchmark,
    shareQuantiles,
    title: pack.title,
    created: pack.createdAt,
    base_size: task?.scores.baseSize ?? null,
    warnings: doubtsOfPack(pack),
  }
  if (!task) return { ...about, halfWidth, improvedShare: null, task: null }
  const { base, current } = task.scores
  // Where a market improved nothing, nobody in it did.
  const improvedShare = current > base ? (current - base) / current : 0
  return { ...about, improvedShare, halfWidth: task.halfWidth, task: taskFromPack(task, pack.title, joint) }
}
