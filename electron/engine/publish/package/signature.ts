/**
 * The maker's signature of a package: EIP-712 over the digests of manifest.json and metadata.json. It lies beside the
 * package, `<name>.signature.json`, not in it: whether and by whom a work is signed does not change its address.
 */
import { createHash } from 'node:crypto'
import { Signature, verifyTypedData } from 'ethers'
import { z } from 'zod'
import { isMissing, fileError, withFileErrors } from '../../file-errors.ts'
import { readPlainFile } from '../../named-file.ts'

const SIGNATURE_FORMAT = 'asterism-signature/1'
const LARGEST_SIGNATURE_BYTES = 16 << 10
const hex = (bytes: number): z.ZodString => z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`))

const signatureSchema = z.object({
  format: z.literal(SIGNATURE_FORMAT),
  chain_id: z.number().int().positive(),
  manifest_sha256: hex(32),
  metadata_sha256: hex(32),
  creator: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  signature: hex(65),
})
export type PackageSignature = z.infer<typeof signatureSchema>

const TYPES = {
  PackageManifest: [
    { name: 'manifestSha256', type: 'bytes32' },
    { name: 'metadataSha256', type: 'bytes32' },
    { name: 'creator', type: 'address' },
  ],
}

/** What is signed, as the signer takes it. */
export function manifestTypedData(fields: Omit<PackageSignature, 'format' | 'signature'>) {
  return {
    domain: { name: 'Asterism package', version: '1', chainId: fields.chain_id },
    primaryType: 'PackageManifest',
    message: {
      manifestSha256: fields.manifest_sha256,
      metadataSha256: fields.metadata_sha256,
      creator: fields.creator,
    },
  }
}

/** Where the signature of a package lies, given its folder or its CAR file. */
export function signaturePath(packagePath: string): string {
  return `${packagePath.replace(/\.car$/, '')}.signature.json`
}

export function sha256Hex(bytes: Uint8Array): string {
  return `0x${createHash('sha256').update(bytes).digest('hex')}`
}

/** The one way in which a signature is written: in any other, a byte of it was changed. */
export function signatureBytes(fields: Omit<PackageSignature, 'format'>): Buffer {
  const { chain_id, manifest_sha256, metadata_sha256, creator, signature } = fields
  const written = { format: SIGNATURE_FORMAT, chain_id, manifest_sha256, metadata_sha256, creator, signature }
  return Buffer.from(`${JSON.stringify(written, null, 2)}\n`)
}

/** Whether a file is the signature of some package, whichever. */
export async function isSignature(path: string): Promise<boolean> {
  try {
    const bytes = await readPlainFile(path, LARGEST_SIGNATURE_BYTES)
    return typeof bytes !== 'string' && signatureSchema.safeParse(JSON.parse(bytes.toString('utf8'))).success
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return false
    throw fileError(error, path)
  }
}

export interface SignatureFinding {
  /** The account that signed exactly this package; null without a signature or with a wrong one. */
  readonly signer: string | null
  /** What is wrong with the signature, or null. */
  readonly what: string | null
}

/** Holds the signature beside a package against the digests of what is in it. */
export async function checkSignature(
  packagePath: string,
  digests: {
    readonly manifest: string
    readonly metadata: string
    /** The account that the package names as its creator; null where it names none. */
    readonly creator: string | null
  },
): Promise<SignatureFinding> {
  const path = signaturePath(packagePath)
  const wrong = (what: string): SignatureFinding => ({ signer: null, what })
  let text: string
  try {
    // What lies beside a package is as little to be trusted as what is in it.
    const bytes = await readPlainFile(path, LARGEST_SIGNATURE_BYTES)
    if (typeof bytes === 'string') return wrong('is no signature of a package')
    text = bytes.toString('utf8')
  } catch (error) {
    if (isMissing(error)) return { signer: null, what: null }
    throw fileError(error, path)
  }
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return wrong('is not JSON')
    throw error
  }
  const parsed = signatureSchema.safeParse(data)
  if (!parsed.success) return wrong('is no signature of a package')
  const signed = parsed.data
  if (signed.manifest_sha256 !== digests.manifest || signed.metadata_sha256 !== digests.metadata) {
    return wrong('is the signature of another package')
  }
  const { domain, message } = manifestTypedData(signed)
  let signer: string
  try {
    signer = verifyTypedData(domain, TYPES, message, signed.signature)
  } catch {
    // ethers throws for bytes that are no point of the curve.
    return wrong('holds no signature that anybody could have made')
  }
  if (signer.toLowerCase() !== signed.creator.toLowerCase()) return wrong('was not made by the account that it names')
  if (digests.creator !== null && signer.toLowerCase() !== digests.creator.toLowerCase())
    return wrong(`was made by ${signer}, and the package names ${digests.creator} as its creator`)
  const asWritten = { ...signed, creator: signer, signature: Signature.from(signed.signature).serialized }
  if (text !== signatureBytes(asWritten).toString('utf8')) return wrong('is not written as a signature is')
  return { signer, what: null }
}

/** The signature beside a package as pairs of texts, for servers that keep such things with a file. */
export async function signatureClaims(packagePath: string): Promise<Record<string, string>> {
  const path = signaturePath(packagePath)
  const bytes = await withFileErrors(path, () => readPlainFile(path, LARGEST_SIGNATURE_BYTES))
  const signed = signatureSchema.parse(JSON.parse(bytes.toString('utf8')))
  return {
    creator: signed.creator,
    'manifest-sha256': signed.manifest_sha256,
    'metadata-sha256': signed.metadata_sha256,
    'signature-chain-id': String(signed.chain_id),
    signature: signed.signature,
  }
}
