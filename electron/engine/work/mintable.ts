import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { requireWhole } from '../publish/package/require-whole.ts'
import { verifyPackage } from '../publish/package/verify.ts'

interface Mintable {
  /** Of what was looked at: a package that is written anew while somebody is asked for a pass phrase is another work. */
  readonly tokenId: string
  /** What to tell the person. */
  readonly warnings: readonly string[]
}

/**
 * Looks at a package before anything is signed for it.
 *
 * @param practice on the practice network a failed declaration (licence, consent) is only said: one may rehearse
 *   before everything is settled. Damaged bytes are refused everywhere.
 * @throws AsterismError corrupt_file, chain_refused
 */
export async function assertMintable(directory: string, practice: boolean, signal: AbortSignal): Promise<Mintable> {
  const verified = await verifyPackage(directory, { signal })
  requireWhole(verified.failures, directory, say('kept.nothingSigned'))
  const tokenId = verified.token_id ?? ''
  if (verified.blocking.length === 0) return { tokenId, warnings: [] }
  const failed = verified.blocking.join(', ')
  if (practice) return { tokenId, warnings: [`On a real network this would be refused: ${failed}.`] }
  throw new AsterismError('chain_refused', say('package.checksFailed', { failed }), {
    fix: say('package.fix.mend'),
    kept: say('kept.nothingSigned'),
  })
}
