/** X.509 certificates of a person's own: a root that vouches for nobody else, and what it signed (RFC 5280, P-256). */
import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto'
import { bits, integer, isTrue, octets, oid, sequence, setOf, tagged, utcTime, utf8 } from './der.ts'

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'
const ORGANISATION = 'Asterism'

export interface CertificateRequest {
  readonly subject: string
  readonly issuer: string
  readonly publicKey: KeyObject
  readonly issuerPublicKey: KeyObject
  readonly issuerPrivateKey: KeyObject
  /** May sign certificates, and nothing else; otherwise content, and nothing else. */
  readonly isAuthority: boolean
  readonly from: Date
  readonly until: Date
}

/** The certificate in DER. */
export function certificateOf(request: CertificateRequest): Buffer {
  const serial = randomBytes(16)
  serial[0] = (serial[0]! & 0x7f) | 0x40
  const algorithm = sequence(oid(ECDSA_WITH_SHA256))
  const content = sequence(
    // Version 3.
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    algorithm,
    nameOf(request.issuer),
    sequence(utcTime(request.from), utcTime(request.until)),
    nameOf(request.subject),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensionsOf(request))),
  )
  return sequence(content, algorithm, bits(sign('sha256', content, request.issuerPrivateKey)))
}

function nameOf(commonName: string): Buffer {
  const part = (id: string, text: string): Buffer => setOf(sequence(oid(id), utf8(text)))
  return sequence(part('2.5.4.10', ORGANISATION), part('2.5.4.3', commonName))
}

function extensionsOf({ publicKey, issuerPublicKey, isAuthority }: CertificateRequest): Buffer[] {
  const extension = (id: string, isCritical: boolean, value: Uint8Array): Buffer =>
    sequence(oid(id), ...(isCritical ? [isTrue()] : []), octets(value))
  return [
    extension('2.5.29.19', true, sequence(...(isAuthority ? [isTrue()] : []))),
    // Key usage: certificates and revocations, or signatures.
    extension('2.5.29.15', true, isAuthority ? bits(Buffer.from([0x06]), 1) : bits(Buffer.from([0x80]), 7)),
    // Extended key usage: e-mail protection, the one that C2PA asks of a signer without one of its own.
    ...(isAuthority ? [] : [extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.4')))]),
    extension('2.5.29.14', false, octets(keyIdOf(publicKey))),
    extension('2.5.29.35', false, sequence(tagged(0x80, keyIdOf(issuerPublicKey)))),
  ]
}

/** Sha-1 of the bits of the key, as RFC 5280 4.2.1.2 has it. */
function keyIdOf(key: KeyObject): Buffer {
  const UNCOMPRESSED_POINT_BYTES = 65
  const spki = key.export({ type: 'spki', format: 'der' })
  return createHash('sha1').update(spki.subarray(-UNCOMPRESSED_POINT_BYTES)).digest()
}
