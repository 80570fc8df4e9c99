/** Lists with the signature of whoever issues them (EIP-712 over the digest of their content), checked from their bytes. */
import { createHash } from 'node:crypto'
import { getAddress, recoverAddress, TypedDataEncoder } from 'ethers'
import { signedList, type ListKind, type SignedList } from '../../../shared/contract/lists.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Wording } from '../../../shared/sayings/saying.ts'
import { policyNamed } from '../chain/chain-policies.ts'
import type { ChainSigner } from '../chain/chain-signer.ts'
import { LIST_DOMAIN, LIST_FIELDS, type TypedData } from '../chain/signer/typed-data-policy.ts'
import { canonicalJson, type Json } from '../publish/package/canonical-json.ts'

function contentSha256(content: SignedList['content']): string {
  return createHash('sha256')
    .update(canonicalJson(content as Json))
    .digest('hex')
}

/** Names a list by its issuer and content. */
export function listId({ issuer, content }: SignedList): string {
  return createHash('sha256')
    .update(`${getAddress(issuer)} ${contentSha256(content)}`)
    .digest('hex')
    .slice(0, 16)
}

function typedData(list: Omit<SignedList, 'signature'>): TypedData {
  return {
    domain: { name: LIST_DOMAIN, version: '1', chainId: list.chain_id },
    primaryType: 'SignedList',
    message: {
      kind: list.kind,
      issuer: list.issuer,
      title: list.content.title,
      contentSha256: `0x${contentSha256(list.content)}`,
      issuedAt: list.issued_at,
    },
  }
}

export async function signList(
  kind: ListKind,
  content: SignedList['content'],
  networkId: string,
  signer: ChainSigner,
  signal?: AbortSignal,
): Promise<SignedList> {
  const unsigned = {
    format: 'asterism-list-1',
    kind,
    network: networkId,
    chain_id: policyNamed(networkId).chainId,
    issuer: signer.address,
    issued_at: Math.floor(Date.now() / 1000),
    content,
  } as Omit<SignedList, 'signature'>
  const signature = await signer.signTypedData(typedData(unsigned), signal)
  return verifyList({ ...unsigned, signature })
}

/** @throws AsterismError `corrupt_file` with what does not fit. */
export function verifyList(raw: unknown): SignedList {
  const wrong = (what: Wording, cause?: unknown): AsterismError =>
    new AsterismError('corrupt_file', what, { fix: say('list.fix.again'), kept: say('list.kept'), cause })
  const parsed = signedList.safeParse(raw)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw wrong(say('list.noSigned', { where: issue?.path.join('.') || 'format' }))
  }
  const list = parsed.data
  if (policyNamed(list.network).chainId !== list.chain_id) throw wrong(say('list.otherNetwork'))
  const { domain, primaryType, message } = typedData(list)
  let by: string
  try {
    by = recoverAddress(TypedDataEncoder.hash(domain, { [primaryType]: [...LIST_FIELDS] }, message), list.signature)
  } catch (cause) {
    throw wrong(say('list.unreadableSignature'), cause)
  }
  if (by !== getAddress(list.issuer)) throw wrong(say('list.changed'))
  return list
}
