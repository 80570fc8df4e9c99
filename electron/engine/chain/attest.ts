/** Signs attestations, as a lab does, and verifies those of others; neither needs a chain. */
import { getAddress, recoverAddress, TypedDataEncoder } from 'ethers'
import { signedAttestation, type Attestation, type SignedAttestation } from '../../../shared/contract/chain-acts.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'
import { fieldsOf } from './act-plans.ts'
import { policyNamed } from './chain-policies.ts'
import { STARS_ADDRESS } from './contracts.ts'
import { STARS_DOMAIN, type TypedData } from './signer/typed-data-policy.ts'
import type { ChainSigner } from './chain-signer.ts'

function typedData(attestation: Attestation, chainId: number): TypedData {
  const { kind, ...message } = attestation
  return {
    domain: { name: STARS_DOMAIN, version: '1', chainId, verifyingContract: STARS_ADDRESS },
    primaryType: kind === 'stars' ? 'Stars' : 'Contribution',
    message,
  }
}

function digestOf(attestation: Attestation, chainId: number): string {
  const { domain, primaryType, message } = typedData(attestation, chainId)
  return TypedDataEncoder.hash(domain, { [primaryType]: [...fieldsOf(attestation)] }, message)
}

/** @throws AsterismError `signing_refused`, `bad_input` for a network that is not known. */
export async function signAttestation(
  attestation: Attestation,
  networkId: string,
  signer: ChainSigner,
  signal?: AbortSignal,
): Promise<SignedAttestation> {
  const policy = policyNamed(networkId)
  const signature = await signer.signTypedData(typedData(attestation, policy.chainId), signal)
  return verifyAttestation({
    format: 'asterism-attestation-1',
    network: networkId,
    chain_id: policy.chainId,
    registry: STARS_ADDRESS,
    attestation,
    digest: digestOf(attestation, policy.chainId),
    signature,
  })
}

/**
 * Verifies an attestation from its bytes alone. Issuers that are contracts cannot be verified here.
 * @throws AsterismError `corrupt_file` with what does not fit.
 */
export function verifyAttestation(raw: unknown): SignedAttestation {
  const parsed = signedAttestation.safeParse(raw)
  if (!parsed.success) throw new AsterismError('corrupt_file', say('attest.none'))
  const { attestation, chain_id: chainId, registry, digest, signature } = parsed.data
  const fail = (what: Saying): never => {
    throw new AsterismError('corrupt_file', what, { fix: say('attest.fix.again') })
  }
  if (getAddress(registry) !== STARS_ADDRESS) fail(say('attest.otherRegistry'))
  if (digestOf(attestation, chainId) !== digest) fail(say('attest.changed'))
  let by: string
  try {
    by = recoverAddress(digest, signature)
  } catch {
    return fail(say('attest.unreadable'))
  }
  if (by !== getAddress(attestation.issuer)) fail(say('attest.otherIssuer', { by }))
  return parsed.data
}
