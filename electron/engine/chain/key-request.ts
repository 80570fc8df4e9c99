/** A lessee's request for the key of a work, signed by the leasing account and verified from its bytes alone. */
import { getAddress, recoverAddress, TypedDataEncoder } from 'ethers'
import { keyRequest, type KeyRequest } from '../../../shared/contract/lease-keys.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'
import { networkWords, policyNamed } from './chain-policies.ts'
import type { ChainSigner } from './chain-signer.ts'
import { LAST_UNIX_SECOND } from './ledger/chain-time.ts'
import { leaseOf } from './market-state.ts'
import { openNetwork } from './networks.ts'
import { KEY_REQUEST_DOMAIN, KEY_REQUEST_FIELDS, type TypedData } from './signer/typed-data-policy.ts'

type Unsigned = Omit<KeyRequest, 'signature' | 'format'>

function typedData(request: Unsigned): TypedData {
  return {
    domain: { name: KEY_REQUEST_DOMAIN, version: '1', chainId: request.chain_id },
    primaryType: 'KeyRequest',
    message: {
      collection: request.collection,
      tokenId: request.token_id,
      user: request.user,
      recipient: request.recipient,
      issuedAt: request.issued_at,
    },
  }
}

/** @throws AsterismError `signing_refused`. */
export async function signKeyRequest(
  request: Omit<Unsigned, 'user'>,
  signer: ChainSigner,
  signal?: AbortSignal,
): Promise<KeyRequest> {
  const unsigned = { ...request, user: signer.address }
  const signature = await signer.signTypedData(typedData(unsigned), signal)
  return verifyKeyRequest({ format: 'asterism-key-request-1', ...unsigned, signature })
}

/** @throws AsterismError `corrupt_file` with what does not fit. */
export function verifyKeyRequest(raw: unknown): KeyRequest {
  const wrong = (what: Saying, cause?: unknown): AsterismError =>
    new AsterismError('corrupt_file', what, {
      fix: say('leaseKey.fix.askAgain'),
      kept: say('kept.noKeyReleased'),
      cause,
    })
  const parsed = keyRequest.safeParse(raw)
  if (!parsed.success) throw wrong(say('leaseKey.noRequest'))
  const request = parsed.data
  if (policyNamed(request.network).chainId !== request.chain_id) {
    throw wrong(say('leaseKey.otherNetwork'))
  }
  const { domain, primaryType, message } = typedData(request)
  let by: string
  try {
    by = recoverAddress(
      TypedDataEncoder.hash(domain, { [primaryType]: [...KEY_REQUEST_FIELDS] }, message),
      request.signature,
    )
  } catch (cause) {
    throw wrong(say('leaseKey.unreadable'), cause)
  }
  if (by !== getAddress(request.user)) throw wrong(say('leaseKey.changed'))
  return request
}

/**
 * The lessee names the network, and a lease on a test network costs nothing: so for those the owner must name the
 * network too.
 * @param meant the network that the owner names; null: one of value, or practice
 * @throws AsterismError `conflict`
 */
export function requireMeantNetwork({ network }: Pick<KeyRequest, 'network'>, meant: string | null): void {
  const policy = policyNamed(network)
  if (meant === null ? policy.main || policy.practice : policyNamed(meant).chainId === policy.chainId) return
  throw new AsterismError(
    'conflict',
    meant === null
      ? say('leaseKey.testNetwork', { network: networkWords(policy) })
      : say('leaseKey.leaseElsewhere', { network: networkWords(policy), meant: networkWords(policyNamed(meant)) }),
    { kept: say('kept.noKeyReleased'), fix: say('leaseKey.fix.meant') },
  )
}

/**
 * Until when the requester may use the work, according to the chain now (with several nodes, by quorum).
 * @throws AsterismError `chain_refused` if the chain shows no such lease.
 */
export async function requireLease(home: string, request: KeyRequest, signal?: AbortSignal): Promise<number> {
  const network = await openNetwork(home, request.network, signal)
  const lease = await leaseOf(network, getAddress(request.collection), request.token_id, signal)
  if (lease?.user === getAddress(request.user)) return Math.min(lease.expires, LAST_UNIX_SECOND)
  throw new AsterismError(
    'chain_refused',
    lease === null
      ? say('leaseKey.nobodyLeases', { network: networkWords(network.policy) })
      : say('leaseKey.leasedTo', { lessee: lease.user, user: getAddress(request.user) }),
    { kept: say('kept.noKeyReleased'), fix: say('leaseKey.fix.grant') },
  )
}
