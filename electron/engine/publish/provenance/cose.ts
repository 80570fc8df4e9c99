/** The signature of a C2PA claim: COSE_Sign1 (RFC 9052) with ES256, the certificates in it, padded to a fixed size. */
import { sign, type KeyObject } from 'node:crypto'

const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6 } as const
const NULL = Buffer.from([0xf6])
const TAG_SIGN1 = 18
const HEADER_ALGORITHM = 1
const HEADER_CERTIFICATES = 33
/** -7, as CBOR counts below zero. */
const ES256 = 6

export interface ClaimSigner {
  readonly privateKey: KeyObject
  /** In DER, the signer's own first. */
  readonly certificates: readonly Uint8Array[]
}

/** @param size of the whole, in bytes: what was kept free for it. */
export function signClaim(claim: Uint8Array, { privateKey, certificates }: ClaimSigner, size: number): Buffer {
  const protectedHeader = Buffer.concat([
    head(MAJOR.map, 2),
    head(MAJOR.unsigned, HEADER_ALGORITHM),
    head(MAJOR.negative, ES256),
    head(MAJOR.unsigned, HEADER_CERTIFICATES),
    head(MAJOR.array, certificates.length),
    ...certificates.map(bytes),
  ])
  const toBeSigned = Buffer.concat([
    head(MAJOR.array, 4),
    text('Signature1'),
    bytes(protectedHeader),
    bytes(Buffer.alloc(0)),
    bytes(claim),
  ])
  const signature = sign('sha256', toBeSigned, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const padded = (padding: number): Buffer =>
    Buffer.concat([
      head(MAJOR.tag, TAG_SIGN1),
      head(MAJOR.array, 4),
      bytes(protectedHeader),
      head(MAJOR.map, 1),
      text('pad'),
      bytes(Buffer.alloc(padding)),
      NULL,
      bytes(signature),
    ])
  let padding = Math.max(0, size - padded(0).length)
  // A longer padding has a longer head.
  while (padding > 0 && padded(padding).length > size) padding -= 1
  return padded(padding)
}

function head(major: number, value: number): Buffer {
  const first = major << 5
  if (value < 24) return Buffer.from([first | value])
  if (value < 0x100) return Buffer.from([first | 24, value])
  if (value < 0x10000) return Buffer.from([first | 25, value >> 8, value & 0xff])
  const wide = Buffer.alloc(5)
  wide[0] = first | 26
  wide.writeUInt32BE(value, 1)
  return wide
}

const bytes = (value: Uint8Array): Buffer => Buffer.concat([head(MAJOR.bytes, value.length), value])
const text = (value: string): Buffer => Buffer.concat([head(MAJOR.text, Buffer.byteLength(value)), Buffer.from(value)])
