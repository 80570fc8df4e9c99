import { describe, expect, it } from 'vitest'
import type { Consent } from '../../../shared/document/consent-records.ts'
import { consentGiven } from '../../../electron/engine/publish/checks/declared.ts'
import type { CheckContext } from '../../../electron/engine/publish/checks/check.ts'
import { consentDigest } from '../../../electron/engine/publish/package/consents.ts'
import { rightsJson } from '../../../electron/engine/publish/package/rights.ts'
import { rightsRecord } from '../../fixtures/publish/project.ts'

const consent = (different: Partial<Consent> = {}): Consent => ({
  kind: 'consent',
  id: 'consent:1',
  person: 'Grace Example',
  scope: ['voice', 'face'],
  givenOn: '2026-03-01',
  evidenceSha256: 'e'.repeat(64),
  guardian: null,
  isMinor: false,
  revokedOn: null,
  salt: '5'.repeat(64),
  ...different,
})
const rights = rightsRecord({ consentDigests: [] })
const digestsWith = (...consents: Consent[]): unknown =>
  (rightsJson(rights, consents, null, null) as { consents: { digests_sha256: unknown } }).consents.digests_sha256
const finding = (...consents: Consent[]) => consentGiven.run({ rights, view: { consents } } as unknown as CheckContext)

describe('consents', () => {
  it('leave as digests that name nobody and cannot be guessed without the salt', () => {
    const text = JSON.stringify(rightsJson(rights, [consent()], null, null))
    expect(text).not.toContain('Grace')
    expect(digestsWith(consent())).toEqual([consentDigest(consent())])
    expect(consentDigest(consent({ salt: '6'.repeat(64) }))).not.toBe(consentDigest(consent()))
    expect(consentDigest(consent({ scope: ['face', 'voice'] }))).toBe(consentDigest(consent()))
  })
  it('that are taken back do not leave, and stop the package', async () => {
    const revoked = consent({ revokedOn: '2026-04-01' })
    expect(digestsWith(revoked)).toEqual([])
    expect(await finding(consent(), revoked)).toMatchObject({ ok: false, detail: '1 of 2 consents is taken back.' })
  })
  it('of a person under age need a guardian', async () => {
    expect((await finding(consent({ isMinor: true }))).ok).toBe(false)
    expect(await finding(consent({ isMinor: true, guardian: 'Ada Example' }))).toMatchObject({ ok: true })
  })
})
