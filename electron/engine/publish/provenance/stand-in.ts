/**
 * Manifests for files that nobody holds in memory. The library of C2PA takes a file in as a whole, several times over; so
 * it signs a stand-in of a few bytes, and the hash of the file, which is known, is put in the place of the stand-in's:
 * in the assertion, in the claim that names the assertion by its own hash, and under a signature made anew. All three
 * keep their sizes.
 */
import { createHash } from 'node:crypto'
import { AsterismError } from '../../../../shared/errors.ts'

const BOX_HEADER_BYTES = 8
const SUPERBOX = 'jumb'

export interface SignedStandIn {
  /** JUMBF, as the library gives it. */
  readonly manifest: Uint8Array
  /** What was signed in it, and the signature, both as they stand in it. */
  readonly claim: Uint8Array
  readonly signature: Uint8Array
  /** Sha-256 of the stand-in. */
  readonly hash: Uint8Array
}

/** @param signAgain a signature of the same size as the first. @throws AsterismError `internal` where it is not as described. */
export function withHash(
  standIn: SignedStandIn,
  sha256: Uint8Array,
  signAgain: (claim: Uint8Array) => Uint8Array,
): Buffer {
  const manifest = Buffer.from(standIn.manifest)
  const claim = Buffer.from(standIn.claim)
  const hashAt = onlyPlace(manifest, standIn.hash)
  const box = innermostBox(manifest, hashAt)
  const assertionHash = (): Buffer => createHash('sha256').update(box.subarray(BOX_HEADER_BYTES)).digest()
  const before = assertionHash()
  manifest.set(sha256, hashAt)
  claim.set(assertionHash(), onlyPlace(claim, before))
  const signature = signAgain(claim)
  if (signature.length !== standIn.signature.length) throw unexpected()
  manifest.set(claim, onlyPlace(manifest, standIn.claim))
  manifest.set(signature, onlyPlace(manifest, standIn.signature))
  return manifest
}

function onlyPlace(bytes: Buffer, wanted: Uint8Array): number {
  const at = bytes.indexOf(wanted)
  if (at < 0 || bytes.indexOf(wanted, at + 1) >= 0) throw unexpected()
  return at
}

/** The smallest superbox around a byte. */
function innermostBox(bytes: Buffer, at: number): Buffer {
  let [begin, end] = [0, bytes.length]
  let found: Buffer | null = null
  for (let box = begin; box + BOX_HEADER_BYTES <= end;) {
    const length = bytes.readUInt32BE(box)
    const next = box + length
    if (length < BOX_HEADER_BYTES || next > end) break
    if (at < box || at >= next) {
      box = next
      continue
    }
    if (bytes.toString('latin1', box + 4, box + BOX_HEADER_BYTES) !== SUPERBOX) break
    found = bytes.subarray(box, next)
    ;[begin, end] = [box + BOX_HEADER_BYTES, next]
    box = begin
  }
  if (!found) throw unexpected()
  return found
}

function unexpected(): AsterismError {
  return new AsterismError('internal', 'The manifest is not laid out as it should be.')
}
