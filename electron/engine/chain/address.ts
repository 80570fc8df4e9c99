import { getAddress } from 'ethers'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'

/**
 * Normalises an address for comparison and display. Mixed case carries a checksum: if it does not match, a character
 * was changed, by hand or by malware on the clipboard.
 * @throws AsterismError `bad_input`
 */
export function checkedAddress(text: string): string {
  try {
    return getAddress(text)
  } catch (cause) {
    throw new AsterismError('bad_input', say('signing.noAddress', { text }), {
      fix: say('signing.fix.copyAddress'),
      kept: say('kept.nothingSigned'),
      cause,
    })
  }
}
