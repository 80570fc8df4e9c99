/** How sealed recordings are written: a name that others know. */
export const SEALED_SCHEME = 'age-encryption.org/v1'
