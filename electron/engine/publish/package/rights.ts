/** `rights.json`: what is granted and declared. People appear in it as digests of their consents, never by name. */
import type { Rights } from '../../../../shared/document/records.ts'
import { consentFault, type Consent } from '../../../../shared/document/consent-records.ts'
import { licenceUrl } from '../formats/licences.ts'
import type { Json } from './canonical-json.ts'
import { consentDigest } from './consents.ts'

export const RIGHTS_FORMAT = 'asterism-rights/1'

/** The uses that the CAWG training and data mining assertion 1.0 names. */
export const CAWG_USES = [
  'cawg.data_mining',
  'cawg.ai_training',
  'cawg.ai_generative_training',
  'cawg.ai_inference',
] as const

/** @param licence SPDX identifier; null while none was chosen. */
export function rightsJson(
  rights: Rights | null,
  consents: readonly Consent[],
  licence: string | null,
  creatorAddress: string | null,
): Json {
  const use = rights?.trainingUse ?? 'notAllowed'
  const entry =
    use === 'constrained' ? { use, constraint_info: 'As the licence and a lease from the creator allow.' } : { use }
  return {
    format: RIGHTS_FORMAT,
    licence: licence === null ? null : { spdx: licence, url: licenceUrl(licence) },
    training_mining: {
      label: 'cawg.training-mining',
      entries: Object.fromEntries(CAWG_USES.map((name) => [name, entry])),
    },
    creator: { name: rights?.creatorName ?? '', address: creatorAddress },
    originality: {
      declared: rights?.declaresOriginal ?? false,
      statement:
        rights?.declaresOriginal === true
          ? 'The creator declares that these recordings are their own original work.'
          : 'The creator has not declared that these recordings are their own original work.',
    },
    consents: {
      complete: rights?.consentsComplete ?? false,
      statement:
        rights?.consentsComplete === true
          ? 'The creator declares that everyone who can be recognised in these recordings has agreed.'
          : 'The creator has not declared that everyone who can be recognised has agreed.',
      digests_sha256: digestsOf(rights, consents),
    },
    royalty_basis_points: rights?.royaltyBasisPoints ?? 0,
    location_data_kept: rights?.keepLocationData ?? false,
  }
}

/** Of the consents that count, whichever way they were put on file. */
function digestsOf(rights: Rights | null, consents: readonly Consent[]): string[] {
  const counting = consents.filter((consent) => consentFault(consent) === null)
  return [...new Set([...(rights?.consentDigests ?? []), ...counting.map(consentDigest)])].sort()
}
