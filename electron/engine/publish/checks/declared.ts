/** What only the creator can say: the licence, the consents, that the work is their own. */
import { isLicenceIdentifier } from '../formats/licences.ts'
import type { PackageCheck } from './check.ts'

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
  run: ({ rights }) =>
    Promise.resolve(
      rights?.consentsComplete === true
        ? {
            ok: true,
            detail: `Everyone who can be recognised has agreed (${rights.consentDigests.length} consents on file).`,
          }
        : {
            ok: false,
            detail: 'It is not declared that everyone who can be recognised has agreed.',
            fix: 'Collect the consents, or blur who has not agreed, and declare it.',
          },
    ),
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
