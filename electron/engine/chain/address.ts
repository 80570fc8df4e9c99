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
    throw new AsterismError('bad_input', `${text} is not an address, or not the one that was meant.`, {
      fix: 'Copy it again, and compare it with its source to the last letter.',
      kept: say('kept.nothingSigned'),
      cause,
    })
  }
}
