/** Consents as they leave: a salted digest each. */
import { createHash } from 'node:crypto'
import type { Consent } from '../../../../shared/document/consent-records.ts'
import { canonicalJson } from './canonical-json.ts'

/** Of everything that was agreed to, but not of whether it was taken back since. */
export function consentDigest({ person, scope, givenOn, evidenceSha256, guardian, salt }: Consent): string {
  const agreed = {
    person,
    scope: [...scope].sort(),
    given_on: givenOn,
    evidence_sha256: evidenceSha256,
    guardian,
    salt,
  }
  return createHash('sha256').update(canonicalJson(agreed)).digest('hex')
}
