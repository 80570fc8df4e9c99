/** Hands the key of a sealed work to one lessee, encrypted so that nobody else can read it (age, by its library). */
import { join } from 'node:path'
import { armor, Decrypter, Encrypter } from 'age-encryption'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { Sealed } from './seal.ts'
import { keptKey, parseAgeKey, workKey, type AgeKey } from './work-key.ts'

export const lesseeKeyPath = (home: string, account: string): string =>
  join(home, 'lease-keys', `${account.toLowerCase()}.txt`)

/** The key with which an account of this machine receives keys of works; made the first time it asks for one. */
export async function lesseeKey(home: string, account: string): Promise<AgeKey> {
  return await keptKey(lesseeKeyPath(home, account), `Receives keys of leased works for ${account}.`)
}

/**
 * The key of a work that was sealed here, in armour, for one recipient.
 * @throws AsterismError `not_found` where it was sealed with another secret than this machine's.
 */
export async function releaseWorkKey(secret: Uint8Array, sealed: Sealed, recipient: string): Promise<string> {
  const key = workKey(
    secret,
    sealed.files.map((file) => file.sha256),
  )
  if (key.recipient !== sealed.recipient) {
    throw new AsterismError('not_found', say('leaseKey.otherMachine'), {
      fix: say('leaseKey.fix.otherMachine'),
      kept: say('kept.noKeyReleased'),
    })
  }
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return armor.encode(await encrypter.encrypt(key.identity))
}

/** @throws AsterismError `corrupt_file` when it is not for this key, or holds the key of another work. */
export async function receiveWorkKey(released: string, mine: AgeKey, workRecipient: string): Promise<AgeKey> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(mine.identity)
  const text = await decrypter.decrypt(decodeArmour(released), 'text').catch(() => {
    // Without the cause: nothing of what was decrypted goes into a message.
    throw new AsterismError('corrupt_file', say('leaseKey.forAnother'))
  })
  const key = parseAgeKey(text)
  if (key.recipient === workRecipient) return key
  throw new AsterismError('corrupt_file', say('leaseKey.ofAnother'))
}

function decodeArmour(text: string): Uint8Array {
  try {
    return armor.decode(text)
  } catch (cause) {
    throw new AsterismError('corrupt_file', say('leaseKey.notReleased'), { cause })
  }
}
