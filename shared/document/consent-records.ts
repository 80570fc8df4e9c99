/**
 * Who has agreed to appear, to what, and on what evidence. It stays in the project: what leaves is a digest each, with a
 * salt, so that a name cannot be guessed from it, and the person can still be shown that they are counted.
 */
import { z } from 'zod'

const hex32 = z.string().regex(/^[0-9a-f]{64}$/)
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

export const CONSENT_SCOPES = ['face', 'voice', 'body', 'place'] as const

export const consentSchema = z.object({
  kind: z.literal('consent'),
  id: z.string().min(1).max(200),
  person: z.string().min(1).max(200),
  /** What of them may be recognised. */
  scope: z.array(z.enum(CONSENT_SCOPES)).min(1),
  givenOn: day,
  /** Sha-256 of the signed form or of its recording; null where there is none. */
  evidenceSha256: hex32.nullable(),
  /** Who agreed for a person who is not of age; null for one who is. */
  guardian: z.string().min(1).max(200).nullable(),
  isMinor: z.boolean(),
  revokedOn: day.nullable(),
  salt: hex32,
})
export type Consent = z.infer<typeof consentSchema>

export const consentId = (token: string): string => `consent:${token}`

/** Why a consent does not count; null when it does. */
export function consentFault(consent: Consent): 'revoked' | 'without a guardian' | null {
  if (consent.revokedOn !== null) return 'revoked'
  return consent.isMinor && consent.guardian === null ? 'without a guardian' : null
}
