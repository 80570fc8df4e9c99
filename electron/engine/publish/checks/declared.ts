/** What only the creator can say: the licence, the consents, that the work is their own. */
import { consentFault, type Consent } from '../../../../shared/document/consent-records.ts'
import type { Rights } from '../../../../shared/document/records.ts'
import { isLicenceIdentifier } from '../formats/licences.ts'
import type { CheckFinding, PackageCheck } from './check.ts'

export const licenceChosen: PackageCheck = {
  id: 'licence',
  blocking: true,
  run: ({ licence }) =>
    Promise.resolve(
      licence === null
        ? { ok: false, detail: 'No licence is chosen.', fix: 'Choose a licence, for example CC-BY-4.0.' }
        : isLicenceIdentifier(licence)
          ? { ok: true, detail: `The licence is ${licence}.` }
          : {
              ok: false,
              detail: `"${licence}" is not an SPDX identifier.`,
              fix: 'Choose one from spdx.org/licenses, or LicenseRef- and a name of your own.',
            },
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
    return {
      ok: false,
      detail: `${revoked} of ${consents.length} consents ${revoked === 1 ? 'is' : 'are'} taken back.`,
      fix: 'Cut or blur who has taken it back, and take them off the list.',
    }
  }
  if (unguarded > 0) {
    return {
      ok: false,
      detail: `${unguarded} of ${consents.length} consents ${unguarded === 1 ? 'is' : 'are'} of persons under age, without a guardian.`,
      fix: 'Ask their guardians, and name them.',
    }
  }
  if (rights?.consentsComplete !== true) {
    return {
      ok: false,
      detail: 'It is not declared that everyone who can be recognised has agreed.',
      fix: 'Collect the consents, or blur who has not agreed, and declare it.',
    }
  }
  const onFile = consents.length + rights.consentDigests.length
  return { ok: true, detail: `Everyone who can be recognised has agreed (${onFile} consents on file).` }
}

export const originalDeclared: PackageCheck = {
  id: 'original',
  blocking: true,
  run: ({ rights }) =>
    Promise.resolve(
      rights?.declaresOriginal === true
        ? { ok: true, detail: 'The recordings are declared to be the creator’s own original work.' }
        : {
            ok: false,
            detail: 'The recordings are not declared to be the creator’s own original work.',
            fix: 'Declare it, if it is so: only original work counts.',
          },
    ),
}
