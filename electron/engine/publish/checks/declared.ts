/** What only the creator can say: the licence, the consents, that the work is their own. */
import { consentFault, type Consent } from '../../../../shared/document/consent-records.ts'
import type { Rights } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { isLicenceIdentifier } from '../formats/licences.ts'
import { finding, type CheckFinding, type PackageCheck } from './check.ts'

export const licenceChosen: PackageCheck = {
  id: 'licence',
  blocking: true,
  run: ({ licence }) =>
    Promise.resolve(
      licence === null
        ? finding(false, say('check.noLicence'), say('check.fix.noLicence'))
        : isLicenceIdentifier(licence)
          ? finding(true, say('check.licence', { licence }))
          : finding(false, say('check.oddLicence', { licence }), say('check.fix.oddLicence')),
    ),
}

export const consentGiven: PackageCheck = {
  id: 'consent',
  blocking: true,
  run: ({ rights, view: { consents } }) => Promise.resolve(consentFinding(rights, consents)),
}

/** Names nobody: what is found is part of the package. */
function consentFinding(rights: Rights | null, consents: readonly Consent[]): CheckFinding {
  const faults = consents.map(consentFault)
  const revoked = faults.filter((fault) => fault === 'revoked').length
  const unguarded = faults.filter((fault) => fault === 'without a guardian').length
  if (revoked > 0) {
    const detail = say('check.revoked', { count: revoked, all: consents.length })
    return finding(false, detail, say('check.fix.revoked'))
  }
  if (unguarded > 0) {
    const detail = say('check.unguarded', { count: unguarded, all: consents.length })
    return finding(false, detail, say('check.fix.unguarded'))
  }
  if (rights?.consentsComplete !== true) {
    return finding(false, say('check.notAgreed'), say('check.fix.notAgreed'))
  }
  const onFile = consents.length + rights.consentDigests.length
  return finding(true, say('check.agreed', { onFile }))
}

export const originalDeclared: PackageCheck = {
  id: 'original',
  blocking: true,
  run: ({ rights }) =>
    Promise.resolve(
      rights?.declaresOriginal === true
        ? finding(true, say('check.original'))
        : finding(false, say('check.notOriginal'), say('check.fix.notOriginal')),
    ),
}
