/**
 * The account of the practice network, so that nobody needs a secret to try things out. Its key is stored unencrypted
 * (0600) and works only on the practice chain: the signer refuses it any other chain id.
 */
import { randomBytes } from 'node:crypto'
import { computeAddress, hexlify } from 'ethers'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { PRACTICE_CHAIN_ID } from './chain-policies.ts'
import { parseJson, readIfThere, writeDurably } from './durable-file.ts'
import { waitForLock } from './process-lock.ts'
import { practicePaths } from './practice-status.ts'

const accountSchema = z.object({
  label: z.string(),
  chain_id: z.literal(PRACTICE_CHAIN_ID),
  address: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  private_key: z.string().regex(/^0x[0-9a-f]{64}$/),
})
export type PracticeAccount = z.infer<typeof accountSchema>

const LABEL = 'Practice account of Asterism: for the practice chain on this machine only. Never send value to it.'
const LOCK_TIMEOUT_MILLISECONDS = 10_000

/** The account, or null before the first start of the practice network. @throws AsterismError `corrupt_file`. */
export async function readPracticeAccount(home: string): Promise<PracticeAccount | null> {
  const path = practicePaths(home).account
  const text = await readIfThere(path)
  if (text === null) return null
  const parsed = accountSchema.safeParse(parseJson(text))
  if (parsed.success && computeAddress(parsed.data.private_key) === parsed.data.address) return parsed.data
  throw new AsterismError('corrupt_file', say('practice.accountUnreadable'), {
    fix: say('practice.fix.account'),
    path,
  })
}

/** The account; created if there is none. */
export async function ensurePracticeAccount(home: string): Promise<PracticeAccount> {
  const { account: path } = practicePaths(home)
  const lock = await waitForLock(`${path}.lock`, LOCK_TIMEOUT_MILLISECONDS)
  try {
    const known = await readPracticeAccount(home)
    if (known) return known
    const privateKey = hexlify(randomBytes(32))
    const account: PracticeAccount = {
      label: LABEL,
      chain_id: PRACTICE_CHAIN_ID,
      address: computeAddress(privateKey),
      private_key: privateKey,
    }
    await writeDurably(path, `${JSON.stringify(account, null, 2)}\n`)
    return account
  } finally {
    lock.release()
  }
}
