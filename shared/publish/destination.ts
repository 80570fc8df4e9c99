/** Where a package can be sent, as people write it. */

/** Schemes of addresses that an upload target takes; everything else is a folder. */
export const DESTINATION_SCHEMES = ['http', 'https', 's3', 'kubo+http', 'kubo+https', 'pin+http', 'pin+https'] as const

const ADDRESS = /^([a-z][a-z0-9+.-]+):\/\//i

/** The scheme of a destination that is an address, in lower case; null for a folder. `C:\disk` is a folder. */
export function schemeOf(destination: string): string | null {
  return ADDRESS.exec(destination)?.[1].toLowerCase() ?? null
}
