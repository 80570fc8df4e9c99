import { getAddress } from 'ethers'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'

/**
 * An address as it is compared and shown. One in mixed case carries a checksum: where it does not fit, a letter was
 * changed on the way, by hand or by something that sits on the clipboard.
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
