/**
 * With what a person on this machine signs credentials: a key, and a certificate from a root of its own that signed
 * nothing else and whose key was thrown away. It proves that works come from one hand, not whose hand it is.
 */
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readIfThere, writeDurably } from '../../chain/durable-file.ts'
import { certificateOf } from './certificate.ts'
import type { ClaimSigner } from './cose.ts'

const YEARS = 10
const DAY_MILLISECONDS = 86_400_000
const ROOT = 'Asterism, a root of its own'

const identityFile = z.object({
  format: z.literal('asterism-credentials-identity/1'),
  private_key_pem: z.string(),
  certificate: z.base64(),
  root: z.base64(),
})
type IdentityFile = z.infer<typeof identityFile>

export interface CredentialsIdentity extends ClaimSigner {
  readonly privateKeyPem: string
  /** Sha-256 of the root in DER, by which others can recognise it. */
  readonly rootSha256: string
}

/** The identity of this home; made the first time. @throws AsterismError `corrupt_file`. */
export async function credentialsIdentity(home: string): Promise<CredentialsIdentity> {
  const path = join(home, 'credentials', 'identity.json')
  const text = await readIfThere(path)
  if (text !== null) return read(text, path)
  const made = makeIdentity()
  await writeDurably(path, `${JSON.stringify(made, null, 2)}\n`)
  return opened(made)
}

function makeIdentity(): IdentityFile {
  const [root, own] = [newKey(), newKey()]
  const issuedBy = { issuer: ROOT, issuerPublicKey: root.publicKey, issuerPrivateKey: root.privateKey }
  // A clock that is a day ahead elsewhere shall not refuse it.
  const from = new Date(Date.now() - DAY_MILLISECONDS)
  const until = new Date(from.getTime() + YEARS * 365 * DAY_MILLISECONDS)
  const times = { from, until }
  const rootCertificate = certificateOf({
    ...issuedBy,
    ...times,
    subject: ROOT,
    publicKey: root.publicKey,
    isAuthority: true,
  })
  const certificate = certificateOf({
    ...issuedBy,
    ...times,
    subject: 'Asterism on one machine',
    publicKey: own.publicKey,
    isAuthority: false,
  })
  return {
    format: 'asterism-credentials-identity/1',
    private_key_pem: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: certificate.toString('base64'),
    root: rootCertificate.toString('base64'),
  }
}

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })

function read(text: string, path: string): CredentialsIdentity {
  try {
    return opened(identityFile.parse(JSON.parse(text)))
  } catch (cause) {
    throw new AsterismError('corrupt_file', say('credentials.identity'), {
      path,
      fix: say('credentials.fix.moveAway'),
      cause,
    })
  }
}

function opened({ private_key_pem: privateKeyPem, certificate, root }: IdentityFile): CredentialsIdentity {
  const certificates = [certificate, root].map((base64) => Buffer.from(base64, 'base64'))
  const rootSha256 = new X509Certificate(certificates[1]!).fingerprint256.replaceAll(':', '').toLowerCase()
  return { privateKey: createPrivateKey(privateKeyPem), privateKeyPem, certificates, rootSha256 }
}
