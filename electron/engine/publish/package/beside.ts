/** What lies beside a package and is of exactly its bytes: of a package that is made anew it is worth nothing. */
import { readdir, rm } from 'node:fs/promises'
import { isMissing, withFileErrors } from '../../file-errors.ts'
import { CREDENTIALS_SUFFIX, credentialsFolder } from '../provenance/credentials.ts'
import { isSignature, signaturePath } from './signature.ts'

/**
 * Takes away the signature and the credentials of the package that is about to be replaced: beside the new one they
 * would be those of another package, and it would be called broken. What only has their name stays, and is told of.
 */
export async function removeVouchers(packagePath: string): Promise<void> {
  const signature = signaturePath(packagePath)
  if (await isSignature(signature)) await withFileErrors(signature, () => rm(signature, { force: true }))
  const folder = credentialsFolder(packagePath)
  if (await holdsCredentialsOnly(folder)) {
    await withFileErrors(folder, () => rm(folder, { recursive: true, force: true }))
  }
}

async function holdsCredentialsOnly(folder: string): Promise<boolean> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries.every((entry) => entry.isDirectory() || (entry.isFile() && entry.name.endsWith(CREDENTIALS_SUFFIX)))
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
