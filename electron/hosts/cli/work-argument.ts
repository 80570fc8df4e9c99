/** A work on the command line: a package, the sha-256 of its metadata, or collection and sha-256. */
import type { WorkReference } from '../../../shared/contract/chain-acts.ts'
import { readPackageMetadata } from '../../engine/chain/package-metadata.ts'
import { UsageError } from './command.ts'
import { packagePath } from './package-argument.ts'

const WORK_ID = /^(?:(0x[0-9a-fA-F]{40})\/)?(0x[0-9a-fA-F]{64})$/

export const WORK_MEANS = 'WORK is a package, a token id (0x and 64 digits) or COLLECTION/TOKEN_ID.'

/** Whether a work is named by its package. */
export const isPackage = (text: string | undefined): text is string => text !== undefined && !WORK_ID.test(text)

/** @param text `PACKAGE`, `0x…` (64 digits, in the collection of the account) or `0xCOLLECTION/0x…` */
export async function workNamed(text: string | undefined): Promise<WorkReference> {
  if (text === undefined) {
    throw new UsageError(WORK_MEANS)
  }
  const named = WORK_ID.exec(text)
  if (named) return { collection: named[1] ?? null, tokenId: named[2]!.toLowerCase() }
  return { collection: null, tokenId: (await readPackageMetadata(packagePath(text))).tokenId }
}
