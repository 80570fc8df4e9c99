/** Where the text of a licence is found. */
const ADDRESSES = new Map<string, string>(
  Object.entries({
    'CC-BY-4.0': 'https://creativecommons.org/licenses/by/4.0/',
    'CC-BY-SA-4.0': 'https://creativecommons.org/licenses/by-sa/4.0/',
    'CC-BY-NC-4.0': 'https://creativecommons.org/licenses/by-nc/4.0/',
    'CC-BY-ND-4.0': 'https://creativecommons.org/licenses/by-nd/4.0/',
    'CC-BY-NC-SA-4.0': 'https://creativecommons.org/licenses/by-nc-sa/4.0/',
    'CC-BY-NC-ND-4.0': 'https://creativecommons.org/licenses/by-nc-nd/4.0/',
    'CC0-1.0': 'https://creativecommons.org/publicdomain/zero/1.0/',
    'CDLA-Permissive-2.0': 'https://cdla.dev/permissive-2-0/',
    'CDLA-Permissive-1.0': 'https://cdla.dev/permissive-1-0/',
    'CDLA-Sharing-1.0': 'https://cdla.dev/sharing-1-0/',
  }),
)

/** An SPDX licence expression's simple forms: an identifier, or a reference to a text that ships with the work. */
const IDENTIFIER = /^(LicenseRef-)?[A-Za-z0-9][A-Za-z0-9.+-]*$/

export function isLicenceIdentifier(text: string): boolean {
  return IDENTIFIER.test(text)
}

/** A URL of the licence's text. A `LicenseRef-` names the creator's own terms, which rights.json holds. */
export function licenceUrl(identifier: string): string {
  if (identifier.startsWith('LicenseRef-')) return 'rights.json'
  return ADDRESSES.get(identifier) ?? `https://spdx.org/licenses/${identifier}.html`
}
